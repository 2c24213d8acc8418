import { type ArchiveClient, followResult } from '@almagest/archive-client';
import type { Qa2Status } from '@almagest/contracts';
import { elapsed } from '@almagest/text';
import { type AddressOptions, repeatedOptions } from '../archive/archive-address';
import { shortId } from '../archive/id-prefix';
import { CliError, resumableError } from '../cli.error';
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
        onUnreachable: () => terminal.working(waiting('the archive does not answer; asking again')),
      },
      interruption.signal,
    );
  } catch (error) {
    const failure = resumableError(error);
    if (failure === null) throw error;
    const again = `npx almagest status ${shortId(posted.id)} --follow${repeatedOptions(options)}`;
    const runs = failure.code === 'cli.interrupted' ? '' : ' once it runs again';
    throw new CliError(failure.code, `${failure.message}; the archive has the result and goes on with it${runs}`, {
      ...failure.detail,
      hints: [`look again: ${again}`],
    });
  } finally {
    terminal.working(null);
  }
}
