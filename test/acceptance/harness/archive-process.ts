import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from './wait-for';

export const REPOSITORY = join(__dirname, '../../..');

/** What `npm run build` leaves last. */
export const BUILT = join(REPOSITORY, 'dist/apps/standalone/main.js');

/**
 * On which engines the suite runs: `standalone`, one process on the embedded ones, or `separate`, each service as a
 * process of its own on the real ones, which `test/engines/run.mjs` starts.
 */
export const IS_SEPARATE = process.env['TEST_ARCHIVE'] === 'separate';

/** The program under test. */
const PROGRAM = IS_SEPARATE ? join(REPOSITORY, 'test/engines/separate/archive-of-processes.mjs') : BUILT;

const LISTENS = /^Almagest listens on (http:\S+)$/m;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One life of a standalone archive: a process of its own, killed with the test run if that should break off. */
export class ArchiveProcess {
  private output = '';
  private ending: Ending | undefined;
  private readonly endWithUs = (): void => void this.child.kill('SIGTERM');

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.once('exit', (code, signal) => {
      this.ending = { code, signal };
      process.off('exit', this.endWithUs);
    });
    process.once('exit', this.endWithUs);
  }

  /** Starts it with nothing in its environment but `env`, the search path and the user's home. */
  static spawn(env: Readonly<Record<string, string>>): ArchiveProcess {
    const { PATH = '', HOME = '' } = process.env;
    const engines = Object.entries(process.env).filter(([name]) => IS_SEPARATE && name.startsWith('TEST_'));
    return new ArchiveProcess(
      spawn(process.execPath, [PROGRAM], {
        env: { PATH, HOME, ...Object.fromEntries(engines), ...env },
        // Separate services end when their input does, and die as one.
        stdio: [IS_SEPARATE ? 'pipe' : 'ignore', 'pipe', 'pipe'],
        detached: IS_SEPARATE,
      }),
    );
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** All it has said on standard output and standard error. */
  get said(): string {
    return this.output;
  }

  /** The process's id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /**
   * The URL it says it listens on.
   * @throws Error with what it said when it ends instead, or says nothing
   */
  async listens(): Promise<string> {
    return waitFor(
      'the archive to listen',
      async () => {
        if (!this.isRunning) throw new Error(`the archive did not start:\n${this.said}`);
        return LISTENS.exec(this.output)?.[1];
      },
      START_LIMIT_MS,
    );
  }

  /** Asks it to end (SIGTERM) or ends it as a power cut would (SIGKILL), and waits until it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    if (IS_SEPARATE && signal === 'SIGKILL') process.kill(-this.pid, signal);
    else this.child.kill(signal);
    return this.ended();
  }

  /** Waits until it is gone, by whatever cause. */
  async ended(): Promise<Ending> {
    const ending = await waitFor('the archive to end', async () => this.ending, STOP_LIMIT_MS);
    if (this.child.stdout?.readableEnded === false) await once(this.child, 'close');
    return ending;
  }
}
