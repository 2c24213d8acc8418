import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Endpoint } from '@almagest/contracts';
import { readEndpoint } from '../archive/archive-address';
import { CliError } from '../cli.error';
import { exitCodeOfChild } from '../exit-code';
import { checkout } from '../installation';

/** Settings of a standalone archive; the others come from the environment or its defaults. */
export interface StandaloneSettings {
  home: string;
  port?: number;
  /** Directories it may read deliveries from. */
  sources?: readonly string[];
}

/** How a process ended. */
export interface Ending {
  /** As a shell reports it. */
  exitCode: number;
  signal: NodeJS.Signals | null;
}

/** Time until a stopping archive is killed. It usually stops in under a second; a running transfer may take longer. */
const STOP_TIMEOUT_MS = 30_000;

/** Characters of its standard error that are kept for an error message. */
const KEPT_CHARACTERS = 2_000;

/** True if the output says that the archive listens; its endpoint file exists by then. */
export function isListening(text: string): boolean {
  return /^Almagest listens on /m.test(text);
}

/** A standalone archive as a child process. */
export class StandaloneProcess {
  readonly ended: Promise<Ending>;
  private errors = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ exitCode: exitCodeOfChild(code, signal === null ? undefined : constants.signals[signal]), signal });
      });
      child.once('error', () => resolve({ exitCode: 127, signal: null }));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-KEPT_CHARACTERS);
    });
  }

  /**
   * Launches an archive; it is ready once `announced` resolves. Its standard error is shown, or kept for `reasonOf`.
   * @throws CliError `cli.start-failed` if its program is not built; `cli.needs-checkout`
   */
  static launch(settings: StandaloneSettings, errors: 'show' | 'keep'): StandaloneProcess {
    const { standalone } = checkout();
    if (!existsSync(standalone)) {
      throw new CliError('cli.start-failed', `${standalone} is missing`, { hints: ['build it: npm run setup'] });
    }
    const { home, port, sources } = settings;
    const variables = [
      `ALMAGEST_HOME=${home}`,
      ...(port === undefined ? [] : [`PORT=${port}`]),
      ...(sources === undefined ? [] : [`SOURCE_ROOTS=${sources.join(',')}`]),
    ];
    // env(1) adds the variables and then executes the program, with the same process id.
    const child = spawn('env', [...variables, process.execPath, standalone], {
      stdio: ['ignore', 'pipe', errors === 'show' ? 'inherit' : 'pipe'],
    });
    return new StandaloneProcess(child, home);
  }

  /** Its standard output. */
  get output(): Readable {
    if (this.child.stdout === null) throw new Error('standard output is piped');
    return this.child.stdout;
  }

  /**
   * Resolves to its endpoint once it listens.
   * @throws CliError `cli.start-failed` if it ends before that
   */
  async announced(): Promise<Endpoint> {
    const listens = new Promise<void>((resolve) => {
      this.output.setEncoding('utf8').on('data', (text: string) => {
        if (isListening(text)) resolve();
      });
    });
    const ending = await Promise.race([listens, this.ended]);
    const endpoint = ending === undefined ? await readEndpoint(this.home) : null;
    if (endpoint !== null) return endpoint;
    throw new CliError('cli.start-failed', `the archive did not start: ${this.reasonOf(ending)}`);
  }

  /** Undefined if it could not be launched. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops it; kills it after a time-out. */
  async stop(): Promise<Ending> {
    this.kill('SIGTERM');
    const force = setTimeout(() => this.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const ending = await this.ended;
    clearTimeout(force);
    return ending;
  }

  /** Why it ended: its own error message, if there is one. */
  reasonOf(ending: Ending | void): string {
    if (!ending) return 'it did not report where it listens';
    if (ending.signal !== null) return `it was killed by ${ending.signal}`;
    const reason = this.errors.lastIndexOf('almagest: ');
    return reason === -1 ? `it ended with exit code ${ending.exitCode}` : this.errors.slice(reason + 10).trim();
  }
}
