import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import { clip } from '@almagest/text';
import pico from 'picocolors';
import { CliError } from '../cli.error';

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
  private closed = false;

  constructor(
    private readonly stdout: WriteStream,
    private readonly stderr: WriteStream,
    settings: { noColour: boolean; dumb: boolean },
    /** Called once, when the reader of standard output closes it. */
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
    // A closed standard error is ignored: nobody reads it.
    stderr.on('error', () => undefined);
  }

  /** Columns for text, at most 100: longer lines are hard to read. */
  get width(): number {
    return Math.min(100, columnsOf(this.stdout));
  }

  /**
   * Writes lines to standard output, at the pace of the reader.
   * @throws CliError `cli.output-closed` when the reader has closed it, as in `almagest ls ... | head`
   */
  async print(...lines: string[]): Promise<void> {
    this.hide();
    await this.write(lines.map((line) => `${line}\n`).join(''));
    this.draw();
  }

  /** Writes text to standard output unchanged. */
  async write(text: string): Promise<void> {
    if (this.closed) throw outputClosed();
    if (this.stdout.write(text)) return;
    try {
      await once(this.stdout, 'drain');
    } catch (cause) {
      throw outputClosed(cause);
    }
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
function columnsOf({ columns }: WriteStream): number {
  return columns > 0 ? columns : 80;
}

function outputClosed(cause?: unknown): CliError {
  return new CliError('cli.output-closed', 'standard output was closed', { cause });
}
