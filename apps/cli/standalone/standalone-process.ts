import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Endpoint } from '@almagest/contracts';
import { readEndpoint } from '../archive/archive-address';
import { CliError } from '../cli.error';
import { exitCodeOfChild } from '../exit-code';
import { STANDALONE } from '../project-root';

/** What a standalone archive is started with; what is not given it takes from the environment or its defaults. */
export interface StandaloneSettings {
  home: string;
  port?: number;
  /** Directories it may read deliveries from. */
  sources?: readonly string[];
}

/** How a process ended. */
export interface Ending {
  /** As a shell gives it. */
  exitCode: number;
  signal: NodeJS.Signals | null;
}

/** It stops in well under a second; a delivery under way may hold it up. */
const STOP_PATIENCE_MS = 30_000;

/** How much of what it says on standard error is kept for a message. */
const KEPT_CHARACTERS = 2_000;

/** It says where it listens after it has announced itself on its home. */
export function saysItListens(text: string): boolean {
  return /^Almagest listens on /m.test(text);
}

/** A standalone archive as a child process. */
export class StandaloneProcess {
  readonly ended: Promise<Ending>;
  private said = '';

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
      this.said = (this.said + text).slice(-KEPT_CHARACTERS);
    });
  }

  /**
   * Launches an archive; it is ready once `announced` resolves. What it says on standard error is shown or kept.
   * @throws CliError `cli.start-failed` when its program was not built
   */
  static launch(settings: StandaloneSettings, errors: 'show' | 'keep'): StandaloneProcess {
    if (!existsSync(STANDALONE)) {
      throw new CliError('cli.start-failed', `${STANDALONE} is missing`, { hints: ['build it: npm run setup'] });
    }
    const { home, port, sources } = settings;
    const variables = [
      `ALMAGEST_HOME=${home}`,
      ...(port === undefined ? [] : [`PORT=${port}`]),
      ...(sources === undefined ? [] : [`SOURCE_ROOTS=${sources.join(',')}`]),
    ];
    // env(1) adds these to the environment and then becomes the program, with the same process id.
    const child = spawn('env', [...variables, process.execPath, STANDALONE], {
      stdio: ['ignore', 'pipe', errors === 'show' ? 'inherit' : 'pipe'],
    });
    return new StandaloneProcess(child, home);
  }

  /** What it says on standard output. */
  get output(): Readable {
    if (this.child.stdout === null) throw new Error('standard output is piped');
    return this.child.stdout;
  }

  /**
   * Where it listens, as soon as it does.
   * @throws CliError `cli.start-failed` when it ends before
   */
  async announced(): Promise<Endpoint> {
    const listens = new Promise<void>((resolve) => {
      this.output.setEncoding('utf8').on('data', (text: string) => {
        if (saysItListens(text)) resolve();
      });
    });
    const ending = await Promise.race([listens, this.ended]);
    const endpoint = ending === undefined ? await readEndpoint(this.home) : null;
    if (endpoint !== null) return endpoint;
    throw new CliError('cli.start-failed', `the archive did not start: ${this.lastWords(ending)}`);
  }

  /** Undefined when it could not be launched. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it properly, and by force when that takes too long. */
  async stop(): Promise<Ending> {
    this.kill('SIGTERM');
    const force = setTimeout(() => this.kill('SIGKILL'), STOP_PATIENCE_MS);
    const ending = await this.ended;
    clearTimeout(force);
    return ending;
  }

  /** Why it ended, in words: its own, when it gave a reason. */
  lastWords(ending: Ending | void): string {
    if (!ending) return 'it did not say where it listens';
    if (ending.signal !== null) return `it was ended by ${ending.signal}`;
    const reason = this.said.lastIndexOf('almagest: ');
    return reason === -1 ? `it ended with exit code ${ending.exitCode}` : this.said.slice(reason + 10).trim();
  }
}
