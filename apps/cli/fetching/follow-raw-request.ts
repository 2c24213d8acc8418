import { type ArchiveClient, pauseFor, retryWhileUnreachable } from '@almagest/archive-client';
import type { RawRequestStatus } from '@almagest/contracts';
import { humanSize } from '@almagest/text';
import type { AddressOptions } from '../archive/archive-address';
import { suggestion } from '../archive/suggestion';
import { CliError, resumableError } from '../cli.error';
import type { CliContext } from '../context';
import { asdmLine } from '../views/raw.view';

/** Shortest and longest pause between two polls, in ms. */
const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Polls a request for raw data until it is done, and prints each change of an ASDM on standard error.
 * @throws CliError with the command that follows it again, when it is interrupted or the archive is unreachable
 */
export async function followRawRequest(
  { terminal, interruption }: CliContext,
  client: ArchiveClient,
  asked: RawRequestStatus,
  options: AddressOptions,
): Promise<RawRequestStatus> {
  let status = asked;
  const printed = new Set<string>();
  const { signal } = interruption;
  try {
    for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.3)) {
      for (const asdm of status.asdms) {
        const line = asdmLine(asdm, terminal.errColours);
        const isNews = asdm.state === 'staged' || asdm.state === 'failed' || asdm.error !== null;
        if (isNews && !printed.has(line)) terminal.note(line);
        if (isNews) printed.add(line);
      }
      if (status.state !== 'staging') return status;
      const { bytesDone, totalSize } = status;
      terminal.working(() => `staging: ${humanSize(bytesDone)} of ${humanSize(totalSize)}`);
      await pauseFor(pause, signal);
      const onUnreachable = (): void => terminal.working(() => 'the archive does not answer; retrying');
      status = await retryWhileUnreachable(() => client.rawRequest(asked.id), { onUnreachable }, signal);
    }
  } catch (error) {
    const failure = resumableError(error);
    if (failure === null) throw error;
    throw new CliError(failure.code, `${failure.message}; the archive continues to work on the request`, {
      ...failure.detail,
      hints: [`follow it again: ${suggestion(['raw', 'status', asked.id, '--follow'], options)}`],
    });
  } finally {
    terminal.working(null);
  }
}
