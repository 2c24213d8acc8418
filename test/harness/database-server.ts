import { Client } from 'pg';

/** Returns the URL of a database on the server of the test run. */
export function urlOf(database: string): string {
  const url = new URL(process.env['TEST_DATABASE_SERVER'] ?? '');
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs statements on the server itself, for example to create or drop a database. */
export async function onServer<T>(work: (server: Client) => Promise<T>): Promise<T> {
  const server = new Client({ connectionString: urlOf('postgres') });
  await server.connect();
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}
