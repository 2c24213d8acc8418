import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceConformance } from './testing/source.conformance';
import { Sources } from './sources';

sourceConformance('a directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'almagest-sources-'));
  const inside = join(directory, 'inside');
  await mkdir(inside);
  await writeFile(join(directory, 'outside'), '.');
  const sources = new Sources({ roots: [inside], hosts: [], s3: null, ngas: [] });
  return {
    put: async (name, bytes) => {
      await writeFile(join(inside, name), bytes);
      return pathToFileURL(join(inside, name)).href;
    },
    forbidden: pathToFileURL(join(directory, 'outside')).href,
    missing: pathToFileURL(join(inside, 'missing')).href,
    at: (location, size) => sources.at(location, size),
    stop: () => rm(directory, { recursive: true, force: true }),
  };
});
