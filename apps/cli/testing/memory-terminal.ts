import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import pico from 'picocolors';
import type { CliError } from '../cli.error';
import { type Colours, Terminal } from '../output/terminal';

/** Colours that colour nothing. */
export const PLAIN: Colours = pico.createColors(false);

/** A terminal whose two streams are kept in memory. */
export class MemoryTerminal {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly closedBy: CliError[] = [];
  readonly terminal: Terminal;

  constructor(facts: { isTTY: boolean; noColour?: boolean; dumb?: boolean }) {
    const stream = (memory: PassThrough): WriteStream =>
      Object.assign(memory, { isTTY: facts.isTTY, columns: 80 }) as unknown as WriteStream;
    this.terminal = new Terminal(
      stream(this.stdout),
      stream(this.stderr),
      { noColour: facts.noColour ?? false, dumb: facts.dumb ?? false },
      (reason) => this.closedBy.push(reason),
    );
  }

  /** What was written to standard output since the last look. */
  out(): string {
    return String(this.stdout.read() ?? '');
  }

  err(): string {
    return String(this.stderr.read() ?? '');
  }
}
