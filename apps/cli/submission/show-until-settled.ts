import type { Qa2Status } from '@almagest/contracts';
import { elapsed } from '@almagest/text';
import { type AddressOptions, repeatedOptions } from '../archive/archive-address';
import type { ArchiveClient } from '../archive/archive-client';
import { followResult } from '../archive/follow-result';
import { shortId } from '../archive/id-prefix';
import { CliError, isCliError } from '../cli.error';
import type { CliContext } from '../context';
import { stepLine, waitingFor } from '../views/qa2-status.view';

/**
 * Waits for the end of a QA2 result and tells every step on standard error.
 * @throws CliError that says how to look again, when the wait is interrupted or the archive falls silent
 */
export async function showUntilSettled(
  { terminal, interruption }: CliContext,
  client: ArchiveClient,
  posted: Qa2Status,
  options: AddressOptions,
): Promise<Qa2Status> {
  const since = posted.history[0]?.at ?? new Date().toISOString();
  const waiting = (what: string) => (): string => `${what} (${elapsed(Date.now() - Date.parse(since))})`;
  terminal.working(waiting(waitingFor(posted.state)));
  try {
    return await followResult(
      client,
      posted,
      {
        onStep: (step, status) => {
          terminal.note(stepLine(step, since, terminal.errColours));
          terminal.working(status.settled ? null : waiting(waitingFor(status.state)));
        },
        onSilence: () => terminal.working(waiting('the archive does not answer; asking again')),
      },
      interruption.signal,
    );
  } catch (error) {
    if (!isCliError(error, 'cli.interrupted', 'cli.archive-unreachable')) throw error;
    const again = `npx almagest status ${shortId(posted.id)} --follow${repeatedOptions(options)}`;
    const runs = error.code === 'cli.interrupted' ? '' : ' once it runs again';
    throw new CliError(error.code, `${error.message}; the archive has the result and goes on with it${runs}`, {
      ...error.detail,
      hints: [`look again: ${again}`],
    });
  } finally {
    terminal.working(null);
  }
}
