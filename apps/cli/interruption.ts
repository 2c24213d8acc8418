import { CliError } from './cli.error';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends a command early: by a signal from outside, or because nobody reads its output any more. */
export class Interruption {
  private readonly controller = new AbortController();
  private by: NodeJS.Signals | null = null;

  /** Its reason is the CliError that says why: `cli.interrupted` or `cli.output-closed`. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The signal that came; SIGTERM when something else than a signal ended the command. */
  get name(): NodeJS.Signals {
    return this.by ?? 'SIGTERM';
  }

  /** Listens for the signals that end a command. */
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
