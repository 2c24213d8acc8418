import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Lists a directory recursively, a line each: path, mode, modification time in seconds, and the SHA-256 of a file. */
export function treeListing(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return entries.sort().map((name) => {
    const path = join(root, name);
    const facts = statSync(path);
    const content = facts.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'directory';
    return `${name} ${(facts.mode & 0o7777).toString(8)} ${Math.floor(facts.mtimeMs / 1000)} ${content}`;
  });
}
