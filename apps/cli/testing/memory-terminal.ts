import { PassThrough } from 'node:stream';
import pico from 'picocolors';
import { type Colours, type Output, Terminal } from '../output/terminal';

/** Colours that change nothing. */
export const PLAIN: Colours = pico.createColors(false);

/** A terminal that writes to memory. */
export class MemoryTerminal {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly terminal: Terminal;

  constructor(facts: { isTTY: boolean; noColour?: boolean; dumb?: boolean }) {
    const stream = (memory: PassThrough): Output => Object.assign(memory, { isTTY: facts.isTTY, columns: 80 });
    this.terminal = new Terminal(stream(this.stdout), stream(this.stderr), {
      noColour: facts.noColour ?? false,
      dumb: facts.dumb ?? false,
    });
  }

  /** Returns what was written to standard output since the last call. */
  out(): string {
    return String(this.stdout.read() ?? '');
  }

  err(): string {
    return String(this.stderr.read() ?? '');
  }
}
