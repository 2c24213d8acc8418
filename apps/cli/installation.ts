import { existsSync, readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { shellWord } from '@almagest/text';
import { readCliConfig } from './cli.config';
import { CliError } from './cli.error';

/** The version of the project, in the single file that an archive serves (tools/bundle.mjs); nothing else defines it. */
declare const SINGLE_FILE_VERSION: string | undefined;
const VERSION_OF_SINGLE_FILE = typeof SINGLE_FILE_VERSION === 'string' ? SINGLE_FILE_VERSION : null;

/** The project around this program: a clone, or the image. */
export interface Checkout {
  root: string;
  /** The deliveries and QA2 results that come with the project. */
  examples: string;
  /** The home of `almagest demo`. */
  demoHome: string;
  /** The program of the standalone archive. */
  standalone: string;
}

const CHECKOUT = VERSION_OF_SINGLE_FILE === null ? checkoutAround(__dirname) : null;

/**
 * Returns the project around this program.
 * @throws CliError `cli.needs-checkout` in the single file
 */
export function checkout(): Checkout {
  if (CHECKOUT !== null) return CHECKOUT;
  throw new CliError('cli.needs-checkout', 'this command runs an archive, and needs a checkout of the project', {
    hints: ['this file has what users of an archive need; the other commands work with any archive: --server URL'],
  });
}

/** Returns true when this program has a checkout around it. */
export function hasCheckout(): boolean {
  return CHECKOUT !== null;
}

/** Returns the version of the project. */
export function version(): string {
  if (CHECKOUT === null) return VERSION_OF_SINGLE_FILE ?? '';
  const { version: text } = JSON.parse(readFileSync(join(CHECKOUT.root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}

/**
 * Returns how the user started this program, for the commands that it suggests: they can be pasted in the same directory.
 */
export function programName(): string {
  const [, script = ''] = process.argv;
  if (CHECKOUT !== null && isWithin(CHECKOUT.root, process.cwd())) return 'npx almagest';
  const isOnPath = (readCliConfig().PATH ?? '').split(delimiter).includes(dirname(script));
  return isOnPath ? shellWord(basename(script)) : `${shellWord(process.argv0)} ${shellWord(typedPath(script))}`;
}

/** Returns a path as a user in the working directory types it. */
export function typedPath(path: string): string {
  const typed = relative(process.cwd(), path);
  return typed.startsWith('..') ? path : typed || '.';
}

function checkoutAround(directory: string): Checkout {
  const root = holderOf('package.json', directory);
  return {
    root,
    examples: join(root, 'examples'),
    demoHome: join(root, '.almagest', 'demo'),
    standalone: resolve(directory, '../standalone/main.js'),
  };
}

/** Returns the nearest directory, this one or a parent, that contains a file. */
function holderOf(name: string, directory: string): string {
  return existsSync(join(directory, name)) ? directory : holderOf(name, dirname(directory));
}

function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(`${directory}${sep}`);
}
