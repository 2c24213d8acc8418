import { once } from 'node:events';
import { join } from 'node:path';
import { elapsed } from '@almagest/text';
import { Command } from 'commander';
import { CliError, isCliError, toCliError } from '../cli.error';
import type { CliContext } from '../context';
import { DemoHome } from '../demo/demo-home';
import { Narrator } from '../demo/narrator';
import { lookAround, playStory } from '../demo/story';
import { EXIT } from '../exit-code';
import { checkout, typedPath } from '../installation';
import { withArchive } from '../standalone/with-archive';
import { messageOf } from '../system-error';
import { type CliCommand, examples } from './command';

interface DemoOptions {
  keep?: boolean;
}

/** `almagest demo`: the sample deliveries from the posted QA2 results to the fetched raw data. */
export const demoCommand: CliCommand = (acting) =>
  new Command('demo')
    .summary('run the sample deliveries from start to finish')
    .description(
      'Run the sample deliveries from start to finish in an archive of their own: two MemberOUSs pass QA2, their ' +
        'group becomes ready, its combined imaging is delivered, the PI gets a mail each time and fetches the raw ' +
        'data. Nothing is left running.',
    )
    .option('--keep', 'keep the archive running at the end, until Ctrl-C')
    .addHelpText('after', examples('almagest demo'))
    .action(acting(demo));

async function demo(context: CliContext, options: DemoOptions): Promise<number> {
  const { demoHome, examples: sample } = checkout();
  const home = await DemoHome.acquire(demoHome);
  try {
    await play(context, home, sample, options);
    return EXIT.ok;
  } catch (error) {
    if (isCliError(error, 'cli.interrupted', 'cli.output-lost')) throw error;
    const known = toCliError(error);
    const { hints = [] } = isCliError(known) ? known.detail : {};
    throw new CliError('cli.demo-failed', `the demo failed: ${messageOf(error)}`, {
      cause: error,
      hints: [...hints, `log: ${typedPath(join(home.directory, 'almagest.log'))}`],
    });
  } finally {
    await home.release();
  }
}

async function play(
  { terminal, interruption }: CliContext,
  home: DemoHome,
  sample: string,
  { keep = false }: DemoOptions,
): Promise<void> {
  const began = Date.now();
  const narrator = new Narrator(terminal);
  await introduce(narrator);
  terminal.working(() => `starting the archive (${elapsed(Date.now() - began)})`);
  await withArchive({ home: home.directory, port: 0, sources: [sample] }, interruption.signal, {
    onLaunch: (pid) => home.recordArchive(pid),
    work: async (endpoint, signal) => {
      terminal.working(null);
      await narrator.fact('home', `${typedPath(home.directory)}, emptied for this run`);
      await narrator.fact('listens', `on ${endpoint.url}, ready after ${elapsed(Date.now() - began)}`);
      const delivered = await playStory(narrator, endpoint, signal);
      await terminal.print('', ...lookAround(delivered, endpoint, typedPath(home.directory), keep));
      if (keep) await untilInterrupted(signal, interruption.signal);
    },
    onStop: () => terminal.working(() => 'stopping the archive'),
  });
  terminal.working(null);
  const took = elapsed(Date.now() - began);
  await terminal.print('', `The archive has stopped and nothing is left running. The demo took ${took}.`);
}

async function introduce(narrator: Narrator): Promise<void> {
  const title = 'Almagest: from a QA2 pass to stored parts, a catalogue entry and a mail';
  await narrator.terminal.print(narrator.colours.bold(title));
  await narrator.paragraph(
    'The sample is project 2013.1.09999.S: one science goal, one GroupOUS of two MemberOUSs (12 m and 7 m), simulated ' +
      'and reduced with CASA.',
  );
  await narrator.begin('Start an archive');
}

/** Waits until Ctrl-C. Throws only if the archive ends by itself. */
async function untilInterrupted(signal: AbortSignal, interrupted: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  if (!interrupted.aborted) signal.throwIfAborted();
}
