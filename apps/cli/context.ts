import type { CliConfig } from './cli.config';
import type { Interruption } from './interruption';
import type { Terminal } from './output/terminal';

/** What every command works with. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly config: CliConfig;
  readonly interruption: Interruption;
}
