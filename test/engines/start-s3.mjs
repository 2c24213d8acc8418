import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { freePort, goProgram, ServerProcess, temporaryFolder } from './server-process.mjs';
import { onXfs } from './xfs.mjs';

/**
 * Starts an S3 server (versitygw) on a free port with an empty folder of its own. It is built by the Go toolchain the
 * first time, about a minute, and kept in `.cache/engines`. `stop` ends it and removes what it stored.
 * @param {{ xfs?: number }} options `xfs`: what it stores lies on an XFS of so many bytes, as it would where it is put to
 *   use: there it makes an object of its chunks by sharing their blocks, else by copying them. Needs root
 * @returns {Promise<{ endpoint: string, accessKey: string, secretKey: string, server: ServerProcess,
 *   stop: () => Promise<void> }>}
 */
export async function startS3({ xfs } = {}) {
  const program = await goProgram('versitygw', 'github.com/versity/versitygw/cmd/versitygw', 'v1.8.0');
  const folder = await temporaryFolder('s3-');
  const [objects, notes] = [join(folder, 'objects'), join(folder, 'notes')];
  await Promise.all([mkdir(objects), mkdir(notes)]);
  const port = await freePort();
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
  const endpoint = `http://127.0.0.1:${port}`;
  const options = ['--quiet', '--port', `127.0.0.1:${port}`, 'posix'];
  const [command, ...args] =
    xfs === undefined
      ? // What it notes of an object is kept beside it: ext4 has 4 KiB for attributes, too little for some hundred chunks.
        [program, ...options, '--sidecar', notes, objects]
      : await onXfs({ file: join(folder, 'xfs'), bytes: xfs, folder: objects }, [program, ...options, objects]);
  const server = new ServerProcess({
    name: 'versitygw',
    command,
    args,
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
