import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TarEntry, TarReader } from '@almagest/tar';

/** The fields of the manifest about a tar. */
interface ManifestTar {
  name: string;
  size: number;
  sha256: string;
  members: { path: string; type: 'dir' | 'file'; offset?: number; size?: number; sha256?: string }[];
}

const EXAMPLES = join(__dirname, '../../examples');
const manifest = JSON.parse(readFileSync(join(EXAMPLES, 'manifest.json'), 'utf8')) as {
  deliveries: Record<string, unknown>[];
};
const tars = manifest.deliveries.flatMap((delivery) =>
  Object.values(delivery)
    .filter(Array.isArray)
    .flat()
    .filter((item): item is ManifestTar => typeof item === 'object' && item !== null && 'members' in item),
);

/** Reads a tar in chunks of the given size; returns its digest, its members in order, and the digest of each file. */
async function index(path: string, highWaterMark: number) {
  const whole = createHash('sha256');
  const members: { entry: TarEntry; sha256: string }[] = [];
  const reader = new TarReader({
    onEntry: (entry) => {
      const hash = createHash('sha256');
      return { data: (chunk) => hash.update(chunk), end: () => members.push({ entry, sha256: hash.digest('hex') }) };
    },
  });
  for await (const chunk of createReadStream(path, { highWaterMark }) as AsyncIterable<Buffer>) {
    whole.update(chunk);
    reader.write(chunk);
  }
  return { sha256: whole.digest('hex'), members, summary: reader.end() };
}

describe('the sample deliveries', () => {
  it('have 7 tars in the manifest', () => {
    expect(tars).toHaveLength(7);
  });

  it.each(tars.map((tar) => [tar.name, tar] as const))('%s is indexed as in the manifest', async (name, tar) => {
    const { sha256, members, summary } = await index(join(EXAMPLES, name), 10_007);
    expect(sha256).toBe(tar.sha256);
    expect(summary).toMatchObject({ bytes: tar.size, entries: tar.members.length });
    const found = members.map(({ entry, sha256 }) =>
      entry.type === 'directory'
        ? { path: entry.path, type: 'dir' }
        : { path: entry.path, type: entry.type, offset: entry.offset, size: entry.size, sha256 },
    );
    expect(found).toEqual(
      tar.members.map(({ path, type, offset, size, sha256 }) =>
        type === 'dir' ? { path, type } : { path, type, offset, size, sha256 },
      ),
    );
  });

  it('have the same index for small and large chunks', async () => {
    const [tar] = tars;
    const path = join(EXAMPLES, tar?.name ?? '');
    expect(await index(path, 1024 * 1024)).toEqual(await index(path, 777));
  });
});
