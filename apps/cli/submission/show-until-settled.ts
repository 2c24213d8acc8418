import { type ArchiveClient, followResult } from '@almagest/archive-client';
import type { Qa2Status } from '@almagest/contracts';
import { elapsed } from '@almagest/text';
import type { AddressOptions } from '../archive/archive-address';
import { suggestion } from '../archive/suggestion';
import { CliError, resumableError } from '../cli.error';
import type { CliContext } from '../context';
import { nextStep, stepLine } from '../views/qa2-status.view';

/**
 * Waits until a QA2 result has reached its final state, and prints every step on standard error.
 * @throws CliError with the command that follows it again, if the wait is interrupted or the archive does not answer
 */
export async function showUntilSettled(
  { terminal, interruption }: CliContext,
  client: ArchiveClient,
  posted: Qa2Status,
  options: AddressOptions,
): Promise<Qa2Status> {
  const since = posted.history[0]?.at ?? new Date().toISOString();
  const waiting = (what: string) => (): string => `${what} (${elapsed(Date.now() - Date.parse(since))})`;
  terminal.working(waiting(nextStep(posted.state)));
  try {
    return await followResult(
      client,
      posted,
      {
        onStep: (step, status) => {
          terminal.note(stepLine(step, since, terminal.errColours));
          terminal.working(status.settled ? null : waiting(nextStep(status.state)));
        },
        onUnreachable: () => terminal.working(waiting('the archive does not answer; retrying')),
      },
      interruption.signal,
    );
  } catch (error) {
    const failure = resumableError(error);
    if (failure === null) throw error;
    const when = failure.code === 'cli.interrupted' ? '' : ' once it runs again';
    throw new CliError(
      failure.code,
      `${failure.message}; the archive has recorded the result and continues with it${when}`,
      {
        ...failure.detail,
        hints: [`to follow it again, run: ${suggestion(['status', posted.id, '--follow'], options)}`],
      },
    );
  } finally {
    terminal.working(null);
  }
}
