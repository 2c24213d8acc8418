import { type RunOf, UpkeepClient, type UpkeepKind } from '@almagest/archive-client';
import { elapsed, printable } from '@almagest/text';
import { repeatedOptions } from '../archive/archive-address';
import { completeId, idOrPrefix, shortId } from '../archive/id-prefix';
import { CliError, resumableError } from '../cli.error';
import { type ClientOptions, requestsFor } from '../commands/client-options';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJsonLine } from '../output/json';
import { findingLines } from '../views/upkeep.view';
import { followRun } from './follow-run';
import type { UpkeepStory } from './upkeep-story';

/**
 * Asks for a run of upkeep, or looks at the one whose id is given; follows it to its end and tells what it found.
 * @param body what the request says
 * @returns 1 when something is left that somebody must look at
 * @throws CliError that says how to look again, when the wait is interrupted or the archive falls silent
 */
export async function showRun<Kind extends UpkeepKind>(
  context: CliContext,
  story: UpkeepStory<Kind>,
  id: string | undefined,
  options: ClientOptions,
  body?: unknown,
): Promise<number> {
  const { terminal } = context;
  const noun = story.kind;
  const prefix = id === undefined ? null : idOrPrefix(id, noun);
  const client = new UpkeepClient(await requestsFor(context, options), story.kind);
  const begun =
    prefix === null
      ? await client.request(body)
      : await client.run(await completeId(prefix, () => client.runs(), noun));
  terminal.note(`The ${noun} ${begun.id} ${begun.state === 'done' ? 'has ended' : 'is under way'}`);
  const run = await followed(context, client, begun, prefix === null, story, options);
  if (options.json) {
    await terminal.print(toJsonLine({ [noun]: run }));
    for await (const finding of client.findings(run.id)) await terminal.print(toJsonLine({ finding }));
  } else {
    for await (const finding of client.findings(run.id)) {
      await terminal.print(...findingLines(finding, terminal.outColours, terminal.width));
    }
    const isClean = story.isClean(run);
    const { green, red } = terminal.outColours;
    await terminal.print((isClean ? green : red)(story.summary(run)));
  }
  return story.isClean(run) ? EXIT.ok : EXIT.refused;
}

async function followed<Kind extends UpkeepKind>(
  { terminal, interruption }: CliContext,
  client: UpkeepClient<Kind>,
  begun: RunOf[Kind],
  isNew: boolean,
  story: UpkeepStory<Kind>,
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
          shown = run.state === 'waiting' ? `the ${story.kind} waits for its turn` : story.progress(run);
          const { lastFailure } = run;
          if (lastFailure !== null && lastFailure !== failure) {
            terminal.note(`It broke off and is tried again: ${printable(lastFailure)}`);
          }
          failure = lastFailure;
        },
        // Who asks for a run waits for all that comes of it; who looks at one sees how it stands.
        isOver: (run) => (isNew ? story.isOver(run) : run.state === 'done'),
        onUnreachable: () => (shown = 'the archive does not answer; asking again'),
      },
      interruption.signal,
    );
  } catch (error) {
    const broken = resumableError(error);
    if (broken === null) throw error;
    const goesOn = broken.code === 'cli.interrupted' ? 'goes on in the archive' : 'goes on once the archive runs again';
    throw new CliError(broken.code, `${broken.message}; the ${story.kind} ${goesOn}`, {
      ...broken.detail,
      hints: [`look again: npx almagest ${story.command} ${shortId(begun.id)}${repeatedOptions(options)}`],
    });
  } finally {
    terminal.working(null);
  }
}
