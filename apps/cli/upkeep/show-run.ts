import { pauseFor, retryWhileUnreachable, type RunOf, UpkeepClient, type UpkeepKind } from '@almagest/archive-client';
import { elapsed, printable } from '@almagest/text';
import { suggestion } from '../archive/suggestion';
import { completeId, idOrPrefix } from '../archive/id-prefix';
import { CliError, resumableError } from '../cli.error';
import { type ClientOptions, requestsFor } from '../commands/client-options';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJsonLine } from '../output/json';
import { findingLines, type RunTexts } from './run-texts';

/**
 * Starts a run, or shows the one with the given id; follows it to its end and prints its findings.
 * @param body body of the request that starts the run
 * @returns 1 if a finding needs attention
 * @throws CliError with the command that shows it again, if the wait is interrupted or the archive does not answer
 */
export async function showRun<Kind extends UpkeepKind>(
  context: CliContext,
  texts: RunTexts<Kind>,
  id: string | undefined,
  options: ClientOptions,
  body?: unknown,
): Promise<number> {
  const { terminal } = context;
  const noun = texts.kind;
  const prefix = id === undefined ? null : idOrPrefix(id, noun);
  const client = new UpkeepClient(await requestsFor(context, options), texts.kind);
  const begun =
    prefix === null
      ? await client.request(body)
      : await client.run(await completeId(prefix, () => client.runs(), noun));
  terminal.note(`The ${noun} ${begun.id} ${begun.state === 'done' ? 'has ended' : 'is under way'}`);
  const run = await followed(context, client, begun, prefix === null, texts, options);
  if (options.json) {
    await terminal.print(toJsonLine({ [noun]: run }));
    for await (const finding of client.findings(run.id)) {
      await terminal.print(toJsonLine({ finding }));
      if (terminal.isUnread) break;
    }
  } else {
    for await (const finding of client.findings(run.id)) {
      await terminal.print(...findingLines(finding, terminal.outColours, terminal.width));
      if (terminal.isUnread) break;
    }
    const isClean = texts.isClean(run);
    const { green, red } = terminal.outColours;
    await terminal.print((isClean ? green : red)(texts.summary(run)));
  }
  return texts.isClean(run) ? EXIT.ok : EXIT.refused;
}

async function followed<Kind extends UpkeepKind>(
  { terminal, interruption }: CliContext,
  client: UpkeepClient<Kind>,
  begun: RunOf[Kind],
  isNew: boolean,
  texts: RunTexts<Kind>,
  options: ClientOptions,
): Promise<RunOf[Kind]> {
  let shown = '';
  let failure: string | null = null;
  const since = Date.parse(begun.requestedAt);
  terminal.working(() => `${shown} (${elapsed(Date.now() - since)})`);
  try {
    return await followRun(
      client,
      begun,
      {
        onState: (run) => {
          shown = run.state === 'waiting' ? `the ${texts.kind} is queued` : texts.progress(run);
          const { lastFailure } = run;
          if (lastFailure !== null && lastFailure !== failure) {
            terminal.note(`It failed and is retried: ${printable(lastFailure)}`);
          }
          failure = lastFailure;
        },
        // A new run is followed until its repairs are done; a run given by id only until it has ended.
        isOver: (run) => (isNew ? texts.isOver(run) : run.state === 'done'),
        onUnreachable: () => (shown = 'the archive does not answer; retrying'),
      },
      interruption.signal,
    );
  } catch (error) {
    const broken = resumableError(error);
    if (broken === null) throw error;
    const continues =
      broken.code === 'cli.interrupted' ? 'continues in the archive' : 'continues once the archive runs again';
    throw new CliError(broken.code, `${broken.message}; the ${texts.kind} ${continues}`, {
      ...broken.detail,
      hints: [`to show it again, run: ${suggestion([texts.command, begun.id], options)}`],
    });
  } finally {
    terminal.working(null);
  }
}

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Polls the state of a run until it is over.
 * @throws CliError; the reason of `signal` when it is aborted, which stops the polling, not the run
 */
async function followRun<Kind extends UpkeepKind>(
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
