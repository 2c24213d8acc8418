import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILT, REPOSITORY } from './harness/archive-process';

const SOURCES = ['apps', 'libs', 'migrations'];
const NOT_BUILT = /(?:\.spec\.ts|\.md)$|\/testing\//;

/** The suite runs what was built: it refuses to run when that is missing or older than its sources. */
export default async function mustBeBuilt(): Promise<void> {
  const built = await changedAt(BUILT);
  const sources = (await Promise.all(SOURCES.map((folder) => filesBelow(join(REPOSITORY, folder))))).flat();
  const changes = await Promise.all(sources.filter((path) => !NOT_BUILT.test(path)).map(changedAt));
  if (built === 0) throw new Error('The acceptance tests run the built archive, and there is none. Run: npm run build');
  if (Math.max(...changes) > built) {
    throw new Error('The acceptance tests run the built archive, and it is older than its sources. Run: npm run build');
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
