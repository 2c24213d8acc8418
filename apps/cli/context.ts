import type { CliConfig } from './cli.config';
import { CliError } from './cli.error';
import type { Terminal } from './output/terminal';

/** What every command works with. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly config: CliConfig;
  readonly interruption: Interruption;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends a command early, on a signal. */
export class Interruption {
  private readonly controller = new AbortController();
  private by: NodeJS.Signals | null = null;

  /** Aborts with a CliError `cli.interrupted` as its reason. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The signal that was received; SIGTERM when something else ended the command. */
  get name(): NodeJS.Signals {
    return this.by ?? 'SIGTERM';
  }

  /** Starts to listen for the signals that end a command. */
  listen(): void {
    for (const name of SIGNALS) {
      process.on(name, () => {
        this.by ??= name;
        this.end(new CliError('cli.interrupted', 'interrupted'));
      });
    }
  }

  end(reason: CliError): void {
    this.controller.abort(reason);
  }
}
