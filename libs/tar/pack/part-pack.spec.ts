import { appendFile, chmod, mkdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { parseUid } from '@almagest/ous';
import { readArchive } from '../testing/archive-builder';
import { makeTree, removeTree, TREE_MTIME, TreeFiles } from '../testing/temporary-tree';
import { packPart } from './part-pack';
import { PlannedPart, planParts } from './part-plan';

const PROJECT = '2013.1.09999.S';
const OPTIONS = { project: PROJECT, ous: parseUid('uid://A001/X1/Xa3'), maxPartSize: 2 ** 30 };
const FILES: TreeFiles = {
  [`${PROJECT}/README`]: 'readme',
  [`${PROJECT}/empty/`]: '',
  [`${PROJECT}/log/zero.log`]: '',
  [`${PROJECT}/product/${'n'.repeat(150)}.fits`]: Buffer.alloc(2_500_000, 3),
  [`${PROJECT}/product/é.fits`]: Buffer.alloc(512, 4),
};

describe('packPart', () => {
  let root: string;
  let part: PlannedPart;

  beforeEach(async () => {
    root = await makeTree(FILES);
    part = (await planParts(root, OPTIONS))[0] as PlannedPart;
  });

  afterEach(() => removeTree(root));

  const pack = (from = 0) => buffer(packPart(part, { from }));

  it('returns exactly the planned bytes, which contain the tree at the planned offsets', async () => {
    const bytes = await pack();
    expect(bytes.length).toBe(part.size);
    const { members, summary } = readArchive(bytes, { chunkSizes: [65_536] });
    expect(members.map(({ path, offset, headerOffset, size }) => ({ path, offset, headerOffset, size }))).toEqual(
      part.entries.map(({ path, offset, headerOffset, size }) => ({ path, offset, headerOffset, size })),
    );
    const files = members
      .filter(({ type }) => type === 'file')
      .map(({ path, content }) => [path, content.toString('latin1')]);
    const planted = Object.entries(FILES).filter(([path]) => !path.endsWith('/'));
    expect(new Map(files as [string, string][])).toEqual(
      new Map(planted.map(([path, content]) => [path, Buffer.from(content).toString('latin1')])),
    );
    expect(members.every(({ mtime }) => mtime?.getTime() === Math.floor(TREE_MTIME) * 1000)).toBe(true);
    expect(summary.bytes % 10_240).toBe(0);
  });

  it('returns the same bytes a second time, and for a copy of the tree', async () => {
    const bytes = await pack();
    expect((await pack()).equals(bytes)).toBe(true);
    const copy = await makeTree(FILES);
    const [copied] = await planParts(copy, OPTIONS);
    const other = await buffer(packPart(copied as PlannedPart));
    await removeTree(copy);
    expect(other.equals(bytes)).toBe(true);
    expect(copied?.fingerprint).toBe(part.fingerprint);
  });

  it('resumes at any byte', async () => {
    const bytes = await pack();
    const edges = part.entries.flatMap(({ headerOffset, offset, size }) => [headerOffset, offset, offset + size]);
    const places = edges.flatMap((edge) => [edge - 1, edge, edge + 1]).filter((from) => from >= 0);
    for (const from of [...places, bytes.length - 1, bytes.length]) {
      expect((await pack(from)).equals(bytes.subarray(from))).toBe(true);
    }
  });

  it.each([-1, 0.5, Infinity, 2 ** 40])('refuses to start at byte %s', (from) => {
    expect(() => packPart(part, { from })).toThrow(expect.objectContaining({ code: 'tar.plan-invalid' }) as Error);
  });

  it('returns chunks of at most about a megabyte', async () => {
    const stream = packPart(part);
    const lengths: number[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) lengths.push(chunk.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1024 * 1024 + 65_536);
    expect(lengths.length).toBeLessThan(10);
  });

  const readme = () => join(root, PROJECT, 'README');
  const changes: [what: string, change: () => Promise<unknown>][] = [
    ['grows', () => appendFile(readme(), 'x')],
    ['is rewritten at the same size', () => writeFile(readme(), 'README')],
    ['gets another modification time', () => utimes(readme(), TREE_MTIME, TREE_MTIME + 1)],
    ['is deleted', () => rm(readme())],
    ['becomes a directory', () => rm(readme()).then(() => mkdir(readme()))],
    ['becomes a link', () => rm(readme()).then(() => symlink('/etc/hostname', readme()))],
    ['is moved away', () => rename(readme(), join(root, 'README'))],
  ];

  it.each(changes)('fails with a retryable error when a file %s after planning', async (_, change) => {
    await change();
    await expect(pack()).rejects.toMatchObject({ code: 'tar.tree-changed', retryable: true });
    await expect(pack(part.size)).rejects.toMatchObject({ code: 'tar.tree-changed' });
  });

  it('reads no file of another place, if a folder was exchanged for a link to an equal one', async () => {
    const copy = await makeTree(FILES);
    try {
      await rename(join(root, PROJECT, 'product'), join(root, 'product'));
      await symlink(join(copy, PROJECT, 'product'), join(root, PROJECT, 'product'));
      await utimes(join(root, PROJECT), TREE_MTIME, TREE_MTIME);
      const packing = (async () => {
        for await (const _ of packPart(part)) expect(_).toBeInstanceOf(Buffer);
      })();
      await expect(packing).rejects.toMatchObject({
        code: 'tar.tree-changed',
        found: expect.stringContaining('another file') as string,
      });
    } finally {
      await removeTree(copy);
    }
  });

  it('reports the planned and the present modification time', async () => {
    await utimes(readme(), TREE_MTIME, new Date(-1250));
    await expect(pack()).rejects.toMatchObject({
      path: `${PROJECT}/README`,
      expected: 'the modification time 2015-01-20T09:00:00.500000000Z',
      found: '1969-12-31T23:59:58.750000000Z',
    });
  });

  it('fails when a file is added to a directory of the part', async () => {
    await writeFile(join(root, PROJECT, 'log', 'new.log'), '');
    await expect(pack()).rejects.toMatchObject({ code: 'tar.tree-changed', path: `${PROJECT}/log` });
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['grows', (path) => appendFile(path, 'x')],
    ['shrinks', (path) => truncate(path, 10)],
  ])('fails when a file %s while it is read', async (_, change) => {
    const big = part.entries.find(({ size }) => size > 2_000_000);
    const packing = (async () => {
      for await (const chunk of packPart(part) as AsyncIterable<Buffer>) {
        if (chunk.length > 1_000_000) await change(join(root, big?.path ?? ''));
      }
    })();
    await expect(packing).rejects.toMatchObject({ code: 'tar.tree-changed', path: big?.path });
  });

  it('ignores siblings of the requested directory', async () => {
    const treeRoot = `${PROJECT}/product`;
    [part] = (await planParts(root, { ...OPTIONS, treeRoot })) as [PlannedPart];
    const bytes = await pack();
    await writeFile(join(root, PROJECT, 'another member'), '');
    expect((await pack()).equals(bytes)).toBe(true);
    const [again] = await planParts(root, { ...OPTIONS, treeRoot });
    expect(again?.fingerprint).toBe(part.fingerprint);
    await writeFile(join(root, treeRoot, 'new.fits'), '');
    await expect(pack()).rejects.toMatchObject({ code: 'tar.tree-changed', path: treeRoot });
  });

  it('keeps mode bits', async () => {
    await chmod(readme(), 0o440);
    [part] = (await planParts(root, OPTIONS)) as [PlannedPart];
    const { members } = readArchive(await pack());
    expect(members.find(({ path }) => path.endsWith('README'))?.mode).toBe(0o440);
  });

  it('is destroyed when the consumer stops', async () => {
    const stream = packPart(part);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });
});

describe('planning, packing and reading', () => {
  it('return every tree unchanged, for any part size and any chunks', async () => {
    const name = fc
      .string({ minLength: 1, maxLength: 30, unit: fc.constantFrom(...'abcXYZ019_.+-é文') })
      .filter((text) => !/^\.+$/.test(text));
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => [PROJECT, ...parts].join('/'));
    const content = fc
      .oneof(fc.constant(0), fc.nat(2000), fc.nat(60_000))
      .map((size) => Buffer.alloc(size, size & 0xff));
    const tree = fc
      .uniqueArray(fc.tuple(path, content), { maxLength: 12, selector: ([path]) => path.toLowerCase() })
      .map((files) => files.filter(([path]) => !files.some(([other]) => other.startsWith(`${path}/`))));
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.integer({ min: 10_240, max: 100_000 }),
        fc.integer({ min: 1, max: 5000 }),
        async (files, maxPartSize, chunk) => {
          const root = await makeTree({ [`${PROJECT}/`]: '', ...Object.fromEntries(files) });
          try {
            const parts = await planParts(root, { ...OPTIONS, maxPartSize });
            const found: [string, string][] = [];
            for (const part of parts) {
              const bytes = await buffer(packPart(part));
              expect(bytes.length).toBe(part.size);
              const { members } = readArchive(bytes, { chunkSizes: [chunk] });
              const files = members.filter(({ type }) => type === 'file');
              expect(part.size <= maxPartSize || files.length === 1).toBe(true);
              for (const { path, content } of files) found.push([path, content.toString('latin1')]);
            }
            const planted = files.map(([path, content]) => [path, content.toString('latin1')] as const);
            expect(found.length).toBe(files.length);
            expect(new Map(found)).toEqual(new Map(planted));
          } finally {
            await removeTree(root);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
