import type { CliCommand } from './command';
import { deadLettersCommand } from './dead-letters.command';
import { demoCommand } from './demo.command';
import { fetchCommand } from './fetch.command';
import { linkCommand } from './link.command';
import { lsCommand } from './ls.command';
import { mailCommand } from './mail.command';
import { packCommand } from './pack.command';
import { rawCommand } from './raw.command';
import { restoreCommand } from './restore.command';
import { rulesCommand } from './rules.command';
import { searchCommand } from './search.command';
import { statusCommand } from './status.command';
import { submitCommand } from './submit.command';
import { upCommand } from './up.command';
import { rebuildCommand, rebuildSearchCommand, reconcileCommand, scrubCommand } from './upkeep.commands';
import { validateCommand } from './validate.command';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [
  upCommand,
  demoCommand,
  validateCommand,
  rulesCommand,
  packCommand,
  submitCommand,
  statusCommand,
  lsCommand,
  searchCommand,
  fetchCommand,
  restoreCommand,
  rawCommand,
  mailCommand,
  linkCommand,
  scrubCommand,
  reconcileCommand,
  rebuildCommand,
  rebuildSearchCommand,
  deadLettersCommand,
];
