import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The root of the project this command was built in. */
const ROOT = holderOf('package.json', __dirname);

/** The version of the project. */
export function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return text;
}

/** The deliveries and QA2 results that come with the project. */
export const EXAMPLES = join(ROOT, 'examples');

/** The home of `almagest demo`. */
export const DEMO_HOME = join(ROOT, '.almagest', 'demo');

/** The program of the standalone archive. */
export const STANDALONE = resolve(__dirname, '../standalone/main.js');

/** A path as a user in this directory types it. */
export function typedPath(path: string): string {
  const typed = relative(process.cwd(), path);
  return typed.startsWith('..') ? path : typed || '.';
}

/** The directory, this one or the next above it, that holds a file. */
function holderOf(name: string, directory: string): string {
  return existsSync(join(directory, name)) ? directory : holderOf(name, dirname(directory));
}
