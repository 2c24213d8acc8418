import {
  pauseFor,
  retryWhileUnreachable,
  type RunOf,
  type UpkeepClient,
  type UpkeepKind,
} from '@almagest/archive-client';

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Polls the state of a run until it is over.
 * @throws CliError; the reason of `signal` when it is aborted, which stops the polling, not the run
 */
export async function followRun<Kind extends UpkeepKind>(
  client: Pick<UpkeepClient<Kind>, 'run'>,
  begun: RunOf[Kind],
  follower: { onState(run: RunOf[Kind]): void; isOver(run: RunOf[Kind]): boolean; onUnreachable(): void },
  signal: AbortSignal,
): Promise<RunOf[Kind]> {
  let run = begun;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.3)) {
    follower.onState(run);
    if (follower.isOver(run)) return run;
    await pauseFor(pause, signal);
    run = await retryWhileUnreachable(() => client.run(begun.id), follower, signal);
  }
}
