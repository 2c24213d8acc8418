import type { Command } from 'commander';
import type { CliContext } from '../context';

/** Turns the work of a command, which returns its exit code, into an action for commander. */
export type Acting = <Args extends unknown[]>(
  work: (context: CliContext, ...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;

/** Builds one command of `almagest`: its name, arguments, options, help and action. */
export type CliCommand = (acting: Acting) => Command;

/** Formats the examples below a command's help. */
export function examples(...lines: string[]): string {
  return `\nExample${lines.length === 1 ? '' : 's'}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
