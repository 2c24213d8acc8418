import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const VERSION = 'v1.8.0';
const CACHE = fileURLToPath(new URL('../../.cache/engines', import.meta.url));
const START_LIMIT_MS = 30_000;

/**
 * Starts an S3 server (versitygw) on a free port with an empty folder of its own. It is built by the Go toolchain the
 * first time, about a minute, and kept in `.cache/engines`. `stop` ends it and removes what it stored.
 * @returns {Promise<{ endpoint: string, accessKey: string, secretKey: string, stop: () => Promise<void> }>}
 */
export async function startS3() {
  const program = await install();
  const folder = await mkdtemp(join(CACHE, 's3-'));
  const port = await freePort();
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
  const server = spawn(program, ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', folder], {
    env: { PATH: process.env.PATH, ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answering(endpoint, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, accessKey, secretKey, stop };
}

async function install() {
  const bin = join(CACHE, `versitygw-${VERSION}`);
  const program = join(bin, 'versitygw');
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(bin, { recursive: true });
    const env = { ...process.env, GOBIN: bin };
    await promisify(execFile)('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`], { env });
  }
  return program;
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Resolves when the server answers a request; it may refuse it. */
async function answering(endpoint, server) {
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      const [response] = await once(get(endpoint), 'response');
      response.resume();
      return;
    } catch (cause) {
      if (server.exitCode !== null) throw new Error(`versitygw ended with ${server.exitCode}`, { cause });
      if (Date.now() > limit) throw new Error(`versitygw did not answer in ${START_LIMIT_MS} ms`, { cause });
      await pause(50);
    }
  }
}
