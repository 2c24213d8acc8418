import type { Writable } from 'node:stream';
import { unwritable } from '@almagest/archive-client';
import { clip } from '@almagest/text';
import pico from 'picocolors';
import { CliError } from '../cli.error';
import { codeOf } from '../system-error';

/** A stream to a terminal, a pipe or a file. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export type Colours = ReturnType<typeof pico.createColors>;

const FRAMES = ['-', '\\', '|', '/'];
const REDRAW_MS = 120;

/**
 * Writes results to standard output and everything else to standard error. On an interactive terminal, the last line
 * shows the current activity; it is removed before other output and drawn again after it.
 */
export class Terminal {
  readonly outColours: Colours;
  readonly errColours: Colours;
  private readonly interactive: boolean;
  private activity: (() => string) | null = null;
  private redraw: NodeJS.Timeout | undefined;
  private frame = 0;
  private readerLeft = false;
  private lost: CliError | null = null;

  constructor(
    private readonly stdout: Output,
    private readonly stderr: Output,
    settings: { noColour: boolean; dumb: boolean },
  ) {
    const colours = (stream: Output): Colours =>
      pico.createColors(stream.isTTY === true && !settings.noColour && !settings.dumb);
    this.outColours = colours(stdout);
    this.errColours = colours(stderr);
    this.interactive = stderr.isTTY === true && !settings.dumb;
    stdout.on('error', (cause) => this.onFailure(cause));
    // Progress and reasons that nobody can read are ignored: the exit code says what matters.
    stderr.on('error', () => undefined);
  }

  /** Columns for text, at most 100: longer lines are hard to read. */
  get width(): number {
    return Math.min(100, columnsOf(this.stdout));
  }

  /** True if standard output is a terminal, which would interpret control characters. */
  get isInteractive(): boolean {
    return this.stdout.isTTY === true;
  }

  /** True once the reader of standard output has left, as in `almagest ls ... | head`: nobody reads what follows. */
  get isUnread(): boolean {
    return this.readerLeft;
  }

  /**
   * Writes lines to standard output, at the pace of the reader.
   * @throws CliError `cli.output-lost`
   */
  async print(...lines: string[]): Promise<void> {
    this.hide();
    await this.write(lines.map((line) => `${line}\n`).join(''));
    this.draw();
  }

  /**
   * Writes text or bytes to standard output unchanged, and waits until all of it is written. It does nothing once the reader has
   * left: the result of the command does not depend on who reads it.
   * @throws CliError `cli.output-lost` when the text cannot be written, as on a full disk
   */
  async write(text: string | Uint8Array): Promise<void> {
    if (this.lost === null && !this.readerLeft) {
      await new Promise<void>((resolve) => {
        this.stdout.write(text, (cause) => {
          if (cause) this.onFailure(cause);
          resolve();
        });
      });
    }
    if (this.lost !== null) throw this.lost;
  }

  /** Notes why standard output takes no more. The first failure counts; the stream reports it more than once. */
  private onFailure(cause: unknown): void {
    if (this.readerLeft || this.lost !== null) return;
    this.readerLeft = codeOf(cause) === 'EPIPE' || codeOf(cause) === 'ECONNRESET';
    if (!this.readerLeft)
      this.lost = new CliError('cli.output-lost', unwritable('standard output', cause).message, { cause });
  }

  /** Writes lines to standard error. */
  note(...lines: string[]): void {
    this.hide();
    for (const line of lines) this.stderr.write(`${line}\n`);
    this.draw();
  }

  /** Sets the activity that an interactive terminal shows; null: none. */
  working(activity: (() => string) | null): void {
    this.hide();
    clearInterval(this.redraw);
    this.activity = this.interactive ? activity : null;
    if (this.activity === null) return;
    this.redraw = setInterval(() => this.draw(), REDRAW_MS);
    this.redraw.unref();
    this.draw();
  }

  private draw(): void {
    if (this.activity === null) return;
    this.frame = (this.frame + 1) % FRAMES.length;
    const line = clip(`${FRAMES[this.frame] ?? ''} ${this.activity()}`, columnsOf(this.stderr) - 1);
    this.stderr.write(`\r${line}\u001b[K`);
  }

  private hide(): void {
    if (this.activity !== null) this.stderr.write('\r\u001b[K');
  }
}

/** The columns of a stream; 80 if unknown. */
function columnsOf({ columns = 0 }: Output): number {
  return columns > 0 ? columns : 80;
}
