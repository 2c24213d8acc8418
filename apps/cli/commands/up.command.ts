import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { shellWord } from '@almagest/text';
import { Command } from 'commander';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { checkout, programName, typedPath } from '../installation';
import { isListening, StandaloneProcess } from '../standalone/standalone-process';
import { type CliCommand, examples } from './command';
import { numberBetween } from './option-values';

interface UpOptions {
  home?: string;
  port?: number;
  source?: string[];
}

/** `almagest up`: runs a standalone archive in the foreground. */
export const upCommand: CliCommand = (acting) =>
  new Command('up')
    .summary('run a standalone archive in the foreground')
    .description(
      'Run a standalone archive in the foreground: all services in one process, on embedded engines. Ctrl-C stops it; ' +
        'when it starts again, it resumes its work. Under a supervisor, use node dist/apps/cli/main.js up, because npx ' +
        'does not pass on SIGTERM.',
    )
    .option('--home <DIR>', 'directory for all its data (default: .almagest)')
    .option('--port <N>', 'port to listen on, 0 for any free port (default: 8080)', numberBetween(0, 65_535))
    .option('--source <DIR...>', 'directories that it may read deliveries from (default: the current one)')
    .addHelpText('after', examples('almagest up', 'almagest up --home /data/almagest --port 0 --source /data/qa2'))
    .action(acting(up));

async function up(context: CliContext, options: UpOptions): Promise<number> {
  const { terminal, config, interruption } = context;
  const home = options.home ?? config.ALMAGEST_HOME;
  const sources = options.source?.map((source) => resolve(source));
  for (const source of sources ?? []) await assertDirectory(source);
  const archive = StandaloneProcess.launch(
    {
      home,
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(sources === undefined ? {} : { sources }),
    },
    'show',
  );
  const pass = (): void => archive.kill(interruption.name);
  if (interruption.signal.aborted) pass();
  interruption.signal.addEventListener('abort', pass);
  const failures: Error[] = [];
  const onWritten = (): void => {
    // Nobody watches an archive in the foreground any more, as when its terminal is closed.
    if (terminal.isUnread) pass();
  };
  archive.output.setEncoding('utf8').on('data', (text: string) => {
    // An archive continues when its messages cannot be written, as to a full disk.
    const written = terminal.write(isListening(text) ? `${text}${nextSteps(options, sources)}` : text);
    written.then(onWritten, (error: Error) => failures.push(error));
  });
  const { exitCode } = await archive.ended;
  const [failure] = failures;
  if (failure !== undefined && exitCode === EXIT.ok) throw failure;
  return exitCode;
}

/** Commands to try next. */
function nextSteps({ home }: UpOptions, sources: readonly string[] | undefined): string {
  const option = home === undefined ? '' : ` --home ${shellWord(home)}`;
  const { examples: sample } = checkout();
  const readable = (sources ?? [process.cwd()]).some((source) => isInside(source, sample));
  const result = readable ? typedPath(join(sample, '1-member-12m.json')) : 'RESULT.json';
  const program = programName();
  return [
    '',
    'Next, in another terminal:',
    `  ${program} submit ${shellWord(result)}${option}`,
    `  ${program} status${option}`,
    `  ${program} ls${option}`,
    `  ${program} mail${option}`,
    'Ctrl-C stops the archive.',
    '',
  ].join('\n');
}

async function assertDirectory(path: string): Promise<void> {
  const isDirectory = await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw new CliError('cli.usage', `--source ${path} is not a directory`);
  if (path.includes(',')) throw new CliError('cli.usage', `--source ${path} has a comma in its name`);
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return !way.startsWith('..') && !isAbsolute(way);
}
