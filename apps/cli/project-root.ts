import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The root directory of the project. */
const ROOT = holderOf('package.json', __dirname);

/** Returns the version of the project. */
export function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return text;
}

/** How a user starts this program, in the commands that it suggests. */
export const PROGRAM = 'npx almagest';

/** The deliveries and QA2 results that come with the project. */
export const EXAMPLES = join(ROOT, 'examples');

/** The home of `almagest demo`. */
export const DEMO_HOME = join(ROOT, '.almagest', 'demo');

/** The program of the standalone archive. */
export const STANDALONE = resolve(__dirname, '../standalone/main.js');

/** Returns a path as a user in the working directory types it. */
export function typedPath(path: string): string {
  const typed = relative(process.cwd(), path);
  return typed.startsWith('..') ? path : typed || '.';
}

/** Returns the nearest directory, this one or a parent, that contains a file. */
function holderOf(name: string, directory: string): string {
  return existsSync(join(directory, name)) ? directory : holderOf(name, dirname(directory));
}
