import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { installPackage } from './debian.mjs';
import { freePort, ServerProcess } from './server-process.mjs';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/**
 * Starts a PostgreSQL server of the operating system's, with a cluster of its own on a free port: not the embedded one
 * and not the machine's. Debian's package is installed when there is none and root asks. `stop` removes the cluster.
 * @returns {Promise<{ url: string, server: ServerProcess, stop: () => Promise<void> }>} `url` of a superuser
 */
export async function startPostgres() {
  const programs = await find();
  const user = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), 'almagest-postgres-'));
  const password = randomBytes(12).toString('hex');
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  await writeFile(passwordFile, password);
  if (user.uid !== undefined) for (const path of [folder, passwordFile]) await chown(path, user.uid, user.gid);
  await chmod(folder, 0o700);
  await run(
    join(programs, 'initdb'),
    [
      '--pgdata',
      data,
      '--username',
      'almagest',
      '--auth',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '--encoding',
      'UTF8',
      '--no-locale',
    ],
    { ...user, cwd: folder },
  );
  const port = await freePort();
  const url = `postgres://almagest:${password}@127.0.0.1:${port}/postgres`;
  const server = new ServerProcess({
    name: 'PostgreSQL',
    command: join(programs, 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      `${port}`,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${folder}`,
      '-c',
      'max_connections=500',
    ],
    options: { ...user, cwd: folder },
    // Does not wait for its clients.
    stopSignal: 'SIGINT',
    answers: async () => {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query('SELECT 1');
      } finally {
        await client.end();
      }
    },
  });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, server, stop };
}

/** The programs of the newest PostgreSQL that is installed. */
async function find() {
  const installed = async () => (await readdir(DEBIAN).catch(() => [])).map(Number).filter((version) => version >= 13);
  if ((await installed()).length === 0) await installPackage('postgresql');
  const newest = Math.max(...(await installed()));
  if (newest < 0) throw new Error('PostgreSQL cannot be had: its package brought no server');
  return join(DEBIAN, `${newest}`, 'bin');
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
async function serverUser() {
  if (process.getuid?.() !== 0) return {};
  const id = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
