import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.mjs';
import { goProgram, ServerProcess } from './server-process.mjs';

/** The same version as in deploy/compose.yaml. */
export const MAILPIT_VERSION = 'v1.27.11';

/**
 * Starts a Mailpit mail server on free ports. It keeps the received mails until it is stopped.
 * @returns {Promise<{ smtpUrl: string, apiUrl: string, server: ServerProcess, stop: () => Promise<void> }>}
 */
export async function startMailpit() {
  const command = await goProgram('mailpit', 'github.com/axllent/mailpit', MAILPIT_VERSION);
  const folder = await mkdtemp(join(tmpdir(), 'almagest-mailpit-'));
  const [smtp, http] = [await freePort(), await freePort()];
  const apiUrl = `http://127.0.0.1:${http}`;
  const server = new ServerProcess({
    name: 'mailpit',
    command,
    args: [
      '--smtp',
      `127.0.0.1:${smtp}`,
      '--listen',
      `127.0.0.1:${http}`,
      '--database',
      join(folder, 'mails.db'),
      '--max',
      '0',
      '--smtp-disable-rdns',
      '--disable-version-check',
      '--quiet',
    ],
    answers: async () => {
      const response = await fetch(`${apiUrl}/readyz`);
      if (!response.ok) throw new Error(`mailpit answers ${response.status}`);
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
  return { smtpUrl: `smtp://127.0.0.1:${smtp}`, apiUrl, server, stop };
}
