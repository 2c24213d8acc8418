import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import { clip } from '@almagest/text';
import pico from 'picocolors';
import { CliError } from '../cli.error';

export type Colours = ReturnType<typeof pico.createColors>;

const FRAMES = ['-', '\\', '|', '/'];
const REDRAW_MS = 120;

/**
 * Standard output for results and standard error for all else. On a terminal a last line tells what is going on now;
 * it never stands in the way of other output.
 */
export class Terminal {
  readonly outColours: Colours;
  readonly errColours: Colours;
  private readonly interactive: boolean;
  private activity: (() => string) | null = null;
  private redraw: NodeJS.Timeout | undefined;
  private frame = 0;
  private closed = false;

  constructor(
    private readonly stdout: WriteStream,
    private readonly stderr: WriteStream,
    settings: { noColour: boolean; dumb: boolean },
    /** Called once when standard output is closed by its reader. */
    onClosed: (reason: CliError) => void,
  ) {
    const colours = (stream: WriteStream): Colours =>
      pico.createColors(stream.isTTY === true && !settings.noColour && !settings.dumb);
    this.outColours = colours(stdout);
    this.errColours = colours(stderr);
    this.interactive = stderr.isTTY === true && !settings.dumb;
    stdout.on('error', () => {
      if (!this.closed) onClosed(outputClosed());
      this.closed = true;
    });
    // A closed standard error is no reason to fail: there is nobody to tell.
    stderr.on('error', () => undefined);
  }

  /** Columns for text; more than 100 are hard to read. */
  get width(): number {
    return Math.min(100, columnsOf(this.stdout));
  }

  /**
   * Lines for standard output, written at the reader's pace.
   * @throws CliError `cli.output-closed` when nobody reads any more, as in `almagest ls ... | head`
   */
  async print(...lines: string[]): Promise<void> {
    this.hide();
    await this.write(lines.map((line) => `${line}\n`).join(''));
    this.draw();
  }

  /** Text for standard output as it is. */
  async write(text: string): Promise<void> {
    if (this.closed) throw outputClosed();
    if (this.stdout.write(text)) return;
    try {
      await once(this.stdout, 'drain');
    } catch (cause) {
      throw outputClosed(cause);
    }
  }

  /** Lines for standard error. */
  note(...lines: string[]): void {
    this.hide();
    for (const line of lines) this.stderr.write(`${line}\n`);
    this.draw();
  }

  /** What is going on from now on; shown on a terminal only. Null: nothing. */
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

/** No terminal, and one that does not tell its size, count as 80 columns. */
function columnsOf({ columns }: WriteStream): number {
  return columns > 0 ? columns : 80;
}

function outputClosed(cause?: unknown): CliError {
  return new CliError('cli.output-closed', 'standard output was closed', { cause });
}
