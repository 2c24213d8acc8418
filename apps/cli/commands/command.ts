import type { Command } from 'commander';
import type { CliContext } from '../context';

/** Turns the work of a command into what commander calls; the number is the exit code. */
export type Acting = <Args extends unknown[]>(
  work: (context: CliContext, ...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;

/** Makes one command of `almagest`: its name, arguments, options, help and work. */
export type CliCommand = (acting: Acting) => Command;

/** Examples below a command's help. */
export function examples(...lines: string[]): string {
  return `\nExample${lines.length === 1 ? '' : 's'}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
