import { join, relative, resolve } from 'node:path';

/** The root of the project this command was built in: it runs as `dist/apps/cli/main.js`. */
const ROOT = resolve(__dirname, '../../..');

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
