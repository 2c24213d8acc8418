import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { installPackage } from './debian.mjs';
import { freePort } from '../harness/free-port.mjs';
import { ServerProcess } from './server-process.mjs';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/**
 * Starts the operating system's PostgreSQL (not the embedded one) with a new cluster on a free port. When it is missing
 * and the user is root, Debian's package is installed. `stop` removes the cluster.
 * @returns {Promise<{ url: string, server: ServerProcess, stop: () => Promise<void> }>} `url` is that of a superuser
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
    // SIGINT does not wait for clients to disconnect.
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

/** Returns the program folder of the newest installed PostgreSQL. */
async function find() {
  const installed = async () => (await readdir(DEBIAN).catch(() => [])).map(Number).filter((version) => version >= 13);
  if ((await installed()).length === 0) await installPackage('postgresql');
  const newest = Math.max(...(await installed()));
  if (newest < 0) throw new Error('PostgreSQL is not available: its package contains no server');
  return join(DEBIAN, `${newest}`, 'bin');
}

/** PostgreSQL refuses to run as root: it then runs as the user that its package created. */
async function serverUser() {
  if (process.getuid?.() !== 0) return {};
  const id = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
