import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ImageRecord, Qa2Result } from '@almagest/contracts';
import { classify, DeliveryInspection } from '@almagest/delivery';
import { DirectoryObjectStore } from '@almagest/object-store';
import { parseUid } from '@almagest/ous';
import type { FoundFile } from '../parts/part-sink';
import type { TransferredPart } from '../parts/part-transfer';
import { ChunkMemory } from '../resources/chunk-memory';
import { type ImageOf, storeManifest } from './manifest-writer';

const FILE: Omit<FoundFile['line'], 'path'> = {
  kind: 'file',
  offset: 512,
  size: 0,
  sha256: createHash('sha256').digest('hex'),
  item: null,
  role: 'unknown',
  segments: null,
};
const RESULT = {
  project: '2013.1.09999.S',
  level: 'member',
  scienceGoal: parseUid('uid://A001/X1/Xa1'),
  group: { uid: parseUid('uid://A001/X1/Xa2'), members: [] },
  member: parseUid('uid://A001/X1/Xa3'),
  revision: 1,
} as unknown as Qa2Result;

describe('storeManifest', () => {
  let root: string;
  let store: DirectoryObjectStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-manifest-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Stores the manifest of a part of so many files; returns its lines, and the turns that other work had meanwhile. */
  async function stored(count: number, imageOf: ImageOf = () => null): Promise<{ lines: string[]; turns: number }> {
    const files = Array.from({ length: count }, (_, index) => {
      const path = `2013.1.09999.S/${index}`;
      return { line: { ...FILE, path }, inspected: { ...classify(path), path } };
    });
    const part = {
      order: {
        name: 'part.tar',
        key: 'key',
        source: { open: () => Promise.reject(new Error('unused')) },
        size: 1,
        sha256: null,
      },
      facts: { size: 1, sha256: FILE.sha256, files },
      upload: null,
    } satisfies TransferredPart;
    const report = await new DeliveryInspection({ posted: null }).finish();
    const delivery = { id: '8a7e1c55-0b62-4f70-9f3a-0d6f6f1f1c01', result: RESULT };
    let turns = 0;
    let isWriting = true;
    const next = (): void => {
      turns += 1;
      if (isWriting) setImmediate(next);
    };
    setImmediate(next);
    const never = new AbortController().signal;
    const manifest = await storeManifest(
      store,
      new ChunkMemory(32 * 1024 ** 2),
      delivery,
      { report, parts: [part], imageOf },
      never,
    );
    isWriting = false;
    const bytes = await buffer(await store.read(manifest.key));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(manifest.sha256);
    expect(bytes.length).toBe(manifest.size);
    return { lines: bytes.toString().trimEnd().split('\n'), turns };
  }

  it('writes a line for the delivery, each part and each file', async () => {
    const { lines } = await stored(2);
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
      'delivery',
      'part',
      'file',
      'file',
    ]);
  });

  it('writes what an image shows on its line, and null on those of other files', async () => {
    const shown = { object: 'NGC 1234' } as ImageRecord;
    const { lines } = await stored(2, ({ path }) => (path.endsWith('/1') ? shown : null));
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { kind: 'delivery', version: 2 },
      { kind: 'part' },
      { path: '2013.1.09999.S/0', image: null },
      { path: '2013.1.09999.S/1', image: shown },
    ]);
  });

  it('writes a manifest of several chunks, and lets other work run meanwhile', async () => {
    const { lines, turns } = await stored(60_000);
    expect(lines).toHaveLength(60_002);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ path: '2013.1.09999.S/59999' });
    expect(turns).toBeGreaterThan(20);
  });
});
