import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { REPOSITORY } from './built';

/** The command under test, built by `npm run build`. */
const ALMAGEST = join(REPOSITORY, 'dist/apps/cli/main.js');
const DIES_AFTER = join(REPOSITORY, 'test/acceptance/harness/dies-after.mjs');
const NEVER_ANSWERS = join(REPOSITORY, 'test/acceptance/harness/never-answers.mjs');

/** The exit of a command and its output. */
export interface CommandEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** An `almagest` command in a separate process, as a user runs it. */
export class CommandLine {
  /** Resolves when the command has ended. */
  readonly ended: Promise<CommandEnd>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = this.end();
  }

  /** Starts a command. Its environment has only the search path of the test's. */
  static begin(...args: string[]): CommandLine {
    return new CommandLine(spawnAlmagest('ignore', args));
  }

  /** Runs a command that is killed with its `changes`-th change of the file system, unless it ends before. */
  static async dying(changes: number, ...args: string[]): Promise<CommandEnd> {
    const child = spawnAlmagest('ignore', args, ['--import', DIES_AFTER], { DIES_AFTER: String(changes) });
    return new CommandLine(child).ended;
  }

  /** Runs a command to its end; it reads `input`. */
  static async feed(input: Uint8Array, ...args: string[]): Promise<CommandEnd> {
    const child = spawnAlmagest('pipe', args);
    child.stdin?.on('error', () => undefined).end(input);
    return new CommandLine(child).ended;
  }

  /** Runs a command to its end. */
  static async run(...args: string[]): Promise<CommandEnd> {
    return CommandLine.begin(...args).ended;
  }

  /** Runs a command whose HTTP requests never settle. */
  static async runUnanswered(...args: string[]): Promise<CommandEnd> {
    return new CommandLine(spawnAlmagest('ignore', args, ['--import', NEVER_ANSWERS])).ended;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private async end(): Promise<CommandEnd> {
    const { child } = this;
    if (child.stdout === null || child.stderr === null) throw new Error('the command has no pipes');
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    const [stdout, stderr] = await output;
    return { exitCode, signal, stdout, stderr };
  }
}

function spawnAlmagest(
  stdin: 'ignore' | 'pipe',
  args: readonly string[],
  nodeArgs: readonly string[] = [],
  env: Record<string, string> = {},
): ChildProcess {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, [...nodeArgs, ALMAGEST, ...args], {
    env: { PATH, RETRY_MAXIMUM_SECONDS: '0.05', ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  });
}
