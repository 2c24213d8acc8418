import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../harness/free-port.mjs';
import { CACHE, killAtExit, temporaryFolder } from '../server-process.mjs';

const run = promisify(execFile);
const START_LIMIT_MS = 60_000;

/**
 * Starts a real NGAS server on a free port with an empty archive. NGAS is in no package registry: `source` is a
 * checkout of its sources (ICRAR/ngas). Python installs it into `.cache/engines` on first use, which needs the headers
 * of Berkeley DB (Debian: libdb5.3-dev, python3-dev, gcc) and sqlite3.
 * @returns {Promise<{ server: string, stop: () => Promise<void> }>}
 */
export async function startNgas(source) {
  const bin = await install(resolve(source));
  const folder = await temporaryFolder('ngas-');
  const root = join(folder, 'root');
  await run('bash', ['prepare_ngas_root.sh', root], {
    cwd: source,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  });
  const port = await freePort();
  const configuration = join(root, 'cfg', 'ngamsServer.conf');
  const text = await readFile(configuration, 'utf8');
  await writeFile(
    configuration,
    text.replace(/IpAddress="[^"]*"/, 'IpAddress="127.0.0.1"').replace(/PortNo="\d+"/, `PortNo="${port}"`),
  );
  const server = spawn(join(bin, 'ngamsServer'), ['-cfg', configuration, '-autoonline', '-v', '2'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  killAtExit(server);
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await online(port, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { server: `127.0.0.1:${port}`, stop };
}

async function install(source) {
  const home = join(CACHE, 'ngas');
  const bin = join(home, 'bin');
  const isInstalled = await access(join(bin, 'ngamsServer')).then(
    () => true,
    () => false,
  );
  if (!isInstalled) {
    await mkdir(CACHE, { recursive: true });
    await run('python3', ['-m', 'venv', home]);
    const packages = ['ngamsCore', 'ngamsPClient', 'ngamsServer', 'ngamsPlugIns'].map((name) =>
      join(source, 'src', name),
    );
    await run(join(bin, 'pip'), ['install', '--quiet', ...packages]);
  }
  return bin;
}

async function online(port, server) {
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    const state = await fetch(`http://127.0.0.1:${port}/STATUS`)
      .then((response) => response.text())
      .catch(() => '');
    if (state.includes('State="ONLINE"')) return;
    if (server.exitCode !== null) throw new Error(`ngamsServer ended with ${server.exitCode}`);
    if (Date.now() > limit) throw new Error(`NGAS was not online in ${START_LIMIT_MS} ms: ${state}`);
    await pause(100);
  }
}
