import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.mjs';
import { goProgram, ServerProcess, temporaryFolder } from './server-process.mjs';
import { onXfs } from './xfs.mjs';

/**
 * Starts an S3 server (versitygw) on a free port with an empty folder. The Go toolchain builds it on first use, in
 * about a minute, and it is cached in `.cache/engines`. `stop` ends it and removes its data.
 * @param {{ xfs?: number }} options `xfs`: store on an XFS of so many bytes, as in production. There the server
 *   assembles an object by sharing the blocks of its chunks instead of copying them. Needs root
 * @returns {Promise<{ endpoint: string, accessKey: string, secretKey: string, server: ServerProcess,
 *   stop: () => Promise<void> }>}
 */
export async function startS3({ xfs } = {}) {
  const program = await goProgram('versitygw', 'github.com/versity/versitygw/cmd/versitygw', 'v1.8.0');
  const folder = await temporaryFolder('s3-');
  const [objects, metadata] = [join(folder, 'objects'), join(folder, 'metadata')];
  await Promise.all([mkdir(objects), mkdir(metadata)]);
  const port = await freePort();
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
  const endpoint = `http://127.0.0.1:${port}`;
  const options = ['--quiet', '--port', `127.0.0.1:${port}`, 'posix'];
  const [command, ...args] =
    xfs === undefined
      ? // Metadata in a separate folder: ext4 has 4 KiB for attributes, too little for a few hundred chunks.
        [program, ...options, '--sidecar', metadata, objects]
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
