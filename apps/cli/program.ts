import { Command, CommanderError } from 'commander';
import { isCliError, toCliError } from './cli.error';
import { COMMANDS } from './commands';
import type { Acting } from './commands/command';
import type { CliContext } from './context';
import { EXIT } from './exit-code';
import { toJson } from './output/json';
import type { Terminal } from './output/terminal';
import { programName, version } from './installation';
import { errorDocument, errorView } from './views/error.view';

const AFTER_HELP = `
Which archive: --link URL; or --server URL with --token-file FILE; or --home
DIR; or the environment variables ALMAGEST_URL with ALMAGEST_TOKEN_FILE; or
ALMAGEST_HOME; or the archive that runs in ./.almagest. The first that is given
is used.

Exit codes: 0 success; 1 refused by the archive, delivery rejected or mail
failed; 2 wrong usage or unreadable input; 3 archive unreachable; 4 local disk
full or not writable, or output lost; 70 internal error, no result; 130
interrupted. "up" ends with the exit code of the archive.`;

/**
 * Runs one command line.
 * @param args the arguments after the program's name
 * @returns the exit code
 */
export async function runProgram(context: CliContext, args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const acting: Acting =
    (work) =>
    async (...given) => {
      try {
        exitCode = await work(context, ...given);
      } catch (error) {
        exitCode = await fail(context, error, given.at(-1));
      } finally {
        context.terminal.working(null);
      }
    };
  const help = new Help(context.terminal);
  try {
    await programOf(acting, context.terminal, help).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return EXIT.usage;
  }
  // Help and version are printed by commander, which does not wait for them.
  const lost = await help.written;
  return lost === null ? exitCode : fail(context, lost, undefined);
}

/** Writes the help and the version, which commander passes on in one call. */
class Help {
  /** Resolves to the error of a text that could not be written, or to null. */
  written: Promise<unknown> = Promise.resolve(null);

  constructor(private readonly terminal: Terminal) {}

  write(text: string): void {
    this.written = this.terminal.write(text).then(
      () => null,
      (error: unknown) => error,
    );
  }
}

function programOf(acting: Acting, terminal: Terminal, help: Help): Command {
  const program = new Command('almagest')
    .description(
      'The archive ingest of the ALMA observatory: checks, stores and catalogues QA2 deliveries, and sends mails to their PIs.',
    )
    .version(version(), '-V, --version', 'show the version')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError(`See: ${programName()} help`)
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trimEnd() })
    .configureOutput({
      writeOut: (text) => help.write(text),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text, write) => write(inOurWords(text)),
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.width,
    })
    // `mail` and its subcommand have options of the same names.
    .enablePositionalOptions()
    .exitOverride();
  for (const make of COMMANDS) {
    const command = make(acting);
    program.addCommand(command);
    inheritSettings(command, program);
  }
  return program;
}

/** Words a usage error of commander like every other error. */
function inOurWords(text: string): string {
  return text.replace(/^error: /, 'almagest: ').replace('command-argument value', 'value');
}

/** Gives a command and its subcommands the settings of its parent. */
function inheritSettings(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) inheritSettings(inner, command);
  command.showHelpAfterError(usageOf(command));
}

function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((argument) => (argument.required ? argument.name() : `[${argument.name()}${argument.variadic ? '...' : ''}]`))
    .join(' ');
}

/** Reports an error. `command` is the last argument that commander passes: the command itself. */
async function fail({ terminal, interruption }: CliContext, cause: unknown, command: unknown): Promise<number> {
  terminal.working(null);
  const error = toCliError(cause);
  const exitCode = isCliError(error) ? error.exitCode : EXIT.refused;
  terminal.note(...errorView(error, terminal.errColours, terminal.width));
  if (!(command instanceof Command)) return exitCode;
  if (isCliError(error, 'cli.usage')) terminal.note('', usageOf(command));
  const { json = false } = command.opts<{ json?: boolean }>();
  if (json && !interruption.signal.aborted) {
    await terminal.print(toJson(errorDocument(error, exitCode))).catch(() => undefined);
  }
  return exitCode;
}

function usageOf(command: Command): string {
  return `Usage: ${command.createHelp().commandUsage(command)}`;
}
