import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { CACHE, freePort, goProgram, ServerProcess } from './server-process.mjs';

/**
 * Starts an S3 server (versitygw) on a free port with an empty folder of its own. It is built by the Go toolchain the
 * first time, about a minute, and kept in `.cache/engines`. `stop` ends it and removes what it stored.
 * @returns {Promise<{ endpoint: string, accessKey: string, secretKey: string, server: ServerProcess,
 *   stop: () => Promise<void> }>}
 */
export async function startS3() {
  const command = await goProgram('versitygw', 'github.com/versity/versitygw/cmd/versitygw', 'v1.8.0');
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 's3-'));
  // What the server notes of an object is kept beside it: as attributes ext4 has 4 KiB of them, and it fails to complete
  // an object of some hundred chunks.
  const [objects, notes] = [join(folder, 'objects'), join(folder, 'notes')];
  await Promise.all([mkdir(objects), mkdir(notes)]);
  const port = await freePort();
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
  const endpoint = `http://127.0.0.1:${port}`;
  const server = new ServerProcess({
    name: 'versitygw',
    command,
    args: ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', '--sidecar', notes, objects],
    options: { env: { PATH: process.env.PATH, ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey } },
    answers: async () => {
      const [response] = await once(get(endpoint), 'response');
      response.resume();
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
  return { endpoint, accessKey, secretKey, server, stop };
}
