#!/usr/bin/env node
import { readCliConfig } from './cli.config';
import { isCliError } from './cli.error';
import type { CliContext } from './context';
import { EXIT } from './exit-code';
import { Interruption } from './interruption';
import { Terminal } from './output/terminal';
import { runProgram } from './program';
import { messageOf } from './system-error';

async function main(): Promise<number> {
  const interruption = new Interruption();
  interruption.listen();
  const config = readCliConfig();
  const colours = { noColour: config.NO_COLOR !== undefined, dumb: config.TERM === 'dumb' };
  const terminal = new Terminal(process.stdout, process.stderr, colours, (reason) => interruption.end(reason));
  const context: CliContext = { terminal, config, interruption };
  return runProgram(context, process.argv.slice(2));
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`almagest: ${messageOf(error)}\n`);
    process.exitCode = isCliError(error) ? error.exitCode : EXIT.refused;
  },
);
