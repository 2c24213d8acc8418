import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { listTree } from './object-listing';

const name = fc.stringMatching(/^[ab0][ab0.+,-]{0,2}$/);
const key = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const keys = fc
  .uniqueArray(key, { maxLength: 25 })
  .map((all) => all.filter((k) => !all.some((o) => o.startsWith(`${k}/`))));

describe('listTree', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-listing-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const make = async (below: string, all: readonly string[]): Promise<void> => {
    await mkdir(below);
    for (const each of all) {
      await mkdir(dirname(join(below, each)), { recursive: true });
      await writeFile(join(below, each), each);
    }
  };
  const list = async (below: string, prefix: string, maxNames?: number): Promise<string[]> => {
    const all: string[] = [];
    for await (const info of listTree(below, prefix, maxNames)) all.push(info.key);
    return all;
  };

  it('lists the same as sorting all keys, for any limit of names in memory and any prefix', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 4 }), key, fc.nat(6), async (all, maxNames, like, cut) => {
        const below = join(root, String(run++));
        await make(below, all);
        const prefix = like.slice(0, cut);
        const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(await list(below, prefix, maxNames)).toEqual(all.filter((k) => k.startsWith(prefix)).sort(bytewise));
      }),
      { numRuns: 60 },
    );
  });

  it('skips what is not an object: links, hidden names, names that are not keys', async () => {
    await make(join(root, 'store'), ['a/b', '.uploads/x/data', '.hidden', 'with blank', 'a/é', 'c']);
    await symlink('/etc', join(root, 'store', 'etc'));
    await symlink(join(root, 'store', 'c'), join(root, 'store', 'd'));
    expect(await list(join(root, 'store'), '')).toEqual(['a/b', 'c']);
    expect(await list(join(root, 'store'), 'etc/')).toEqual([]);
  });

  it('lists nothing when the folder does not exist', async () => {
    expect(await list(join(root, 'missing'), '')).toEqual([]);
  });
});
