import type { RawRequestStatus } from '@almagest/contracts';
import { humanSize } from '@almagest/text';
import { type AddressOptions, repeatedOptions } from '../archive/archive-address';
import type { ArchiveClient } from '../archive/archive-client';
import { shortId } from '../archive/id-prefix';
import { askPatiently, pauseFor } from '../archive/patience';
import { CliError, isCliError } from '../cli.error';
import type { CliContext } from '../context';
import { asdmLine } from '../views/raw.view';

const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Waits until nothing more happens to a request for raw data, and tells what becomes of each ASDM on standard error.
 * @throws CliError that says how to look again, when the wait is interrupted or the archive falls silent
 */
export async function followRawRequest(
  { terminal, interruption }: CliContext,
  client: ArchiveClient,
  asked: RawRequestStatus,
  options: AddressOptions,
): Promise<RawRequestStatus> {
  let status = asked;
  const told = new Set<string>();
  const { signal } = interruption;
  try {
    for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.3)) {
      for (const asdm of status.asdms) {
        const line = asdmLine(asdm, terminal.errColours);
        const isNews = asdm.state === 'staged' || asdm.state === 'failed' || asdm.error !== null;
        if (isNews && !told.has(line)) terminal.note(line);
        if (isNews) told.add(line);
      }
      if (status.state !== 'staging') return status;
      const { bytesDone, totalSize } = status;
      terminal.working(() => `staging: ${humanSize(bytesDone)} of ${humanSize(totalSize)}`);
      await pauseFor(pause, signal);
      const onSilence = (): void => terminal.working(() => 'the archive does not answer; asking again');
      status = await askPatiently(() => client.rawRequest(asked.id), { onSilence }, signal);
    }
  } catch (error) {
    if (!isCliError(error, 'cli.interrupted', 'cli.archive-unreachable')) throw error;
    const again = `npx almagest raw status ${shortId(asked.id)} --follow${repeatedOptions(options)}`;
    throw new CliError(error.code, `${error.message}; the archive has the request and goes on with it`, {
      ...error.detail,
      hints: [`look again: ${again}`],
    });
  } finally {
    terminal.working(null);
  }
}
