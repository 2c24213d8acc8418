#!/usr/bin/env node
import { fstatSync } from 'node:fs';
import { failIfIdle } from '@almagest/platform/exit-guard';
import { readCliConfig } from './cli.config';
import { isCliError } from './cli.error';
import { type CliContext, Interruption } from './context';
import { EXIT } from './exit-code';
import { FileOutput } from './output/file-output';
import { type Output, Terminal } from './output/terminal';
import { runProgram } from './program';
import { messageOf } from './system-error';

// Whatever ends this process before the command has its result, it is no success.
process.exitCode = EXIT.noResult;
const release = failIfIdle('almagest: internal error: the command ended without a result', EXIT.noResult);

async function main(): Promise<number> {
  const interruption = new Interruption();
  interruption.listen();
  const config = readCliConfig();
  const colours = { noColour: config.NO_COLOR !== undefined, dumb: config.TERM === 'dumb' };
  const terminal = new Terminal(standardOutput(), process.stderr, colours);
  const context: CliContext = { terminal, config, interruption };
  return runProgram(context, process.argv.slice(2));
}

function standardOutput(): Output {
  return fstatSync(process.stdout.fd).isFile() ? new FileOutput(process.stdout.fd) : process.stdout;
}

void main()
  .catch((error: unknown) => {
    process.stderr.write(`almagest: ${messageOf(error)}\n`);
    return isCliError(error) ? error.exitCode : EXIT.refused;
  })
  .then((exitCode) => {
    release();
    process.exitCode = exitCode;
  });
