import { wrap } from '@almagest/text';
import type { Colours, Terminal } from '../output/terminal';

const LABEL = 12;

/** Prints the demo's story on standard output: chapters, and lines with a label. */
export class Narrator {
  readonly colours: Colours;
  /** Columns for the text after a label. */
  readonly room: number;
  private chapter = 0;

  constructor(readonly terminal: Terminal) {
    this.colours = terminal.outColours;
    this.room = Math.min(80, terminal.width) - LABEL - 2;
  }

  async begin(title: string): Promise<void> {
    this.chapter += 1;
    await this.terminal.print('', this.colours.bold(`${this.chapter}. ${title}`));
  }

  /** Prints a paragraph, folded. */
  async paragraph(text: string): Promise<void> {
    await this.terminal.print(...wrap(text, this.room + LABEL + 2));
  }

  /** Prints lines, the first one with a label. */
  async list(label: string, lines: readonly string[]): Promise<void> {
    const { colours, terminal } = this;
    await terminal.print(
      ...lines.map((line, index) => `  ${colours.dim((index === 0 ? label : '').padEnd(LABEL))}${line}`),
    );
  }

  /** Prints a sentence with a label, folded. */
  async fact(label: string, text: string): Promise<void> {
    await this.list(label, wrap(text, this.room));
  }
}
