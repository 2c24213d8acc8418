import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DeliveryInspection } from '@almagest/delivery';
import { DirectoryObjectStore, ObjectStoreError } from '@almagest/object-store';
import { pack } from 'tar-stream';
import { HashThreads } from '../hashing/hash-threads';
import { IngestConfig } from '../ingest.config';
import { PartTooLongError } from '../ingest.error';
import { ChunkMemory } from '../resources/chunk-memory';
import { type Source, StreamReader } from '@almagest/sources';
import { archive, member, pax as paxHeader } from '@almagest/tar/testing/archive-builder';
import type { PartOrder } from './part-orders';
import { InspectingSink } from './part-sink';
import { PartTransfer, type TransferredPart } from './part-transfer';

const MIB = 1024 * 1024;
const NAME = '2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar';
const CHUNK = 8 * MIB;

const never = new AbortController().signal;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A source of these bytes that fails at `failAt`. */
function sourceOf(bytes: Buffer, failAt = Infinity): Source {
  async function* pieces(): AsyncGenerator<Buffer, void> {
    for (let at = 0; at < bytes.length; at += 100_000) {
      if (at >= failAt) throw new Error('the source failed');
      yield bytes.subarray(at, at + 100_000);
    }
  }
  return { open: async () => new StreamReader(pieces()) };
}

describe('PartTransfer', () => {
  const members = [20 * MIB + 5, 0, 13 * MIB, 700].map((size, index) => ({
    name: `2013.1.09999.S/file-${index}`,
    content: randomBytes(size),
  }));
  const threads = new HashThreads();
  let part: Buffer;
  let root: string;
  let store: DirectoryObjectStore;

  beforeAll(async () => {
    const tar = pack();
    for (const { name, content } of members) tar.entry({ name }, content);
    tar.finalize();
    part = await buffer(tar);
  });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'almagest-transfer-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
  });
  afterEach(() => rm(root, { recursive: true }));
  afterAll(() => threads.onApplicationShutdown());

  const transferWith = (settings: { parts?: number; bufferBytes?: number } = {}): PartTransfer => {
    const all = { concurrency: 1, maxPartSize: MIB, uploadKeepDays: 7 };
    const config = new IngestConfig({ ...all, parts: 1, bufferBytes: 64 * MIB, ...settings });
    return new PartTransfer(store, threads, new ChunkMemory(config.settings.bufferBytes), config);
  };
  const orderOf = (source: Source, more: Partial<PartOrder> = {}): PartOrder => ({
    name: NAME,
    key: `project/group/ous/r1/${NAME}`,
    source,
    size: part.length,
    sha256: sha256(part),
    ...more,
  });
  const run = (transfer: PartTransfer, order: PartOrder): Promise<TransferredPart> => {
    const inspection = new DeliveryInspection({ posted: null });
    return transfer.transfer(order, inspection, inspection.openPart(order.name), never);
  };
  const stored = async (): Promise<Buffer> => buffer(await store.read(orderOf(sourceOf(part)).key));

  it('reads a part once: finds its digest, the place and digest of each file, and stores all of it', async () => {
    const { facts, upload } = await run(transferWith(), orderOf(sourceOf(part)));
    expect(facts).toMatchObject({ size: part.length, sha256: sha256(part) });
    expect(facts.files.map(({ line: { path, sha256: digest } }) => ({ path, digest }))).toEqual(
      members.map(({ name, content }) => ({ path: name, digest: sha256(content) })),
    );
    for (const { offset, size, sha256: digest } of facts.files.map(({ line }) => line)) {
      expect(sha256(part.subarray(offset, offset + size))).toBe(digest);
    }
    expect(await store.head(orderOf(sourceOf(part)).key)).toBeNull();
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('sends only what an earlier run did not store', async () => {
    const transfer = transferWith();
    await expect(run(transfer, orderOf(sourceOf(part, 30 * MIB)))).rejects.toThrow('the source failed');
    const { upload } = await run(transfer, orderOf(sourceOf(part)));
    expect(upload?.progress).toEqual({ kept: 3 * CHUNK, sent: part.length - 3 * CHUNK });
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('replaces what an earlier run stored of another file', async () => {
    const transfer = transferWith();
    const other = Buffer.from(part);
    other.writeUInt8(255 - other.readUInt8(10 * MIB), 10 * MIB);
    await expect(run(transfer, orderOf(sourceOf(other, 30 * MIB)))).rejects.toThrow('the source failed');
    const { upload } = await run(transfer, orderOf(sourceOf(part)));
    expect(upload?.progress.kept).toBe(2 * CHUNK);
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('reads a visible part from the store: its source may be gone', async () => {
    const transfer = transferWith();
    await (await run(transfer, orderOf(sourceOf(part)))).upload?.complete();
    const again = await run(transfer, orderOf(sourceOf(part, 0)));
    expect(again.upload).toBeNull();
    expect(again.facts).toMatchObject({ sha256: sha256(part), size: part.length });
    expect(again.facts.files).toHaveLength(members.length);
  });

  it('transfers a part again for its digest alone: it stores even what is no archive', async () => {
    const bytes = randomBytes(20 * MIB + 3);
    const order = orderOf(sourceOf(bytes), { size: bytes.length, sha256: null });
    const { facts, upload } = await transferWith().transferAgain(order, never);
    expect(facts).toEqual({ size: bytes.length, sha256: sha256(bytes) });
    expect(await store.head(order.key)).toBeNull();
    await upload?.complete();
    expect((await stored()).equals(bytes)).toBe(true);
    const there = await transferWith().transferAgain({ ...order, source: sourceOf(bytes, 0) }, never);
    expect(there).toMatchObject({ facts, upload: null });
  });

  it('transfers several parts at a time, within its memory', async () => {
    const transfer = transferWith({ parts: 2, bufferBytes: 32 * MIB });
    const orders = [1, 2, 3, 4].map((number) => orderOf(sourceOf(part), { key: `project/group/ous/r1/${number}` }));
    const parts = await Promise.all(orders.map((order) => run(transfer, order)));
    expect(parts.map(({ facts }) => facts.sha256)).toEqual(orders.map(() => sha256(part)));
  });

  it('stops storing a part that is no archive, and reads it to its end for its digest', async () => {
    const page = Buffer.concat([Buffer.from('<!DOCTYPE html>'), randomBytes(20 * MIB)]);
    const transfer = transferWith();
    const { facts, upload } = await run(transfer, orderOf(sourceOf(page), { size: page.length }));
    expect(facts).toEqual({ size: page.length, sha256: sha256(page), files: [] });
    expect(upload?.progress).toEqual({ sent: 0, kept: 0 });
  });

  it('carries nothing of a truncated part over into the digests of the next one', async () => {
    const transfer = transferWith();
    const half = part.subarray(0, 21 * MIB);
    await run(transfer, orderOf(sourceOf(half), { size: half.length, key: 'project/group/ous/r1/half' }));
    const { facts } = await run(transfer, orderOf(sourceOf(part)));
    expect(facts.sha256).toBe(sha256(part));
    expect(facts.files[0]?.line.sha256).toBe(sha256(members[0]?.content ?? Buffer.alloc(0)));
  });

  it.each([0, CHUNK, CHUNK + 1, 2 * CHUNK])(
    'reports the size and digest of a part that ends after %d bytes',
    async (size) => {
      const cut = part.subarray(0, size);
      const { facts, upload } = await run(transferWith(), orderOf(sourceOf(cut)));
      expect(facts).toMatchObject({ size, sha256: sha256(cut) });
      expect(upload?.progress.sent).toBe(size);
    },
  );

  it('stops at the first byte beyond the posted size', async () => {
    const reading = run(transferWith(), orderOf(sourceOf(part), { size: part.length - 1 }));
    await expect(reading).rejects.toThrow(PartTooLongError);
  });

  it('fails with the error of the store, and resumes from what is stored when the store works again', async () => {
    const write = jest.spyOn(store, 'writeChunk');
    const transfer = transferWith();
    write.mockImplementationOnce((...args) => DirectoryObjectStore.prototype.writeChunk.apply(store, args));
    write.mockRejectedValueOnce(new ObjectStoreError('object-store.full', 'no room'));
    await expect(run(transfer, orderOf(sourceOf(part)))).rejects.toMatchObject({ code: 'object-store.full' });
    write.mockRestore();
    const { upload } = await run(transfer, orderOf(sourceOf(part)));
    expect(upload?.progress.kept).toBeGreaterThanOrEqual(CHUNK);
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('lets other work run while it reads a chunk of thousands of headers', async () => {
    const tar = pack();
    for (let index = 0; index < 8_000; index++) tar.entry({ name: `2013.1.09999.S/${index}.pbcor.fits` }, '');
    tar.finalize();
    const bytes = await buffer(tar);
    const shared = Buffer.from(new SharedArrayBuffer(bytes.length)).fill(bytes);
    await using hashes = threads.acquire([shared]);
    const inspection = new DeliveryInspection({ posted: null });
    const sink = new InspectingSink(inspection, inspection.openPart(NAME), hashes, never);
    let turns = 0;
    let isReading = true;
    const count = (): void => {
      turns += 1;
      if (isReading) setImmediate(count);
    };
    setImmediate(count);
    await sink.write(shared);
    isReading = false;
    expect(turns).toBeGreaterThan(2);
    expect((await sink.finish()).files).toHaveLength(8_000);
  });

  it('lets other work run in a hole of 15 GiB, and stops there with its signal', async () => {
    const records: [string, string][] = [
      ['GNU.sparse.size', `${15 * 1024 * MIB}`],
      ['path', '2013.1.09999.S/cube.pbcor.fits'],
    ];
    const bytes = archive(paxHeader(records), member({}));
    const shared = Buffer.from(new SharedArrayBuffer(bytes.length)).fill(bytes);
    await using hashes = threads.acquire([shared]);
    const inspection = new DeliveryInspection({ posted: null });
    const stop = new AbortController();
    const sink = new InspectingSink(inspection, inspection.openPart(NAME), hashes, stop.signal);
    const reason = new Error('the archive stops');
    setImmediate(() => stop.abort(reason));
    const endMember = jest.spyOn(hashes, 'endMember');
    await expect(sink.write(shared)).rejects.toBe(reason);
    expect(endMember).not.toHaveBeenCalled();
  });

  it('reports a part whose chunks do not fit into its memory', async () => {
    const transfer = transferWith({ bufferBytes: 32 * MIB });
    const huge = run(transfer, orderOf(sourceOf(part), { size: 2 ** 38 }));
    await expect(huge).rejects.toMatchObject({ code: 'archive.buffers-too-small' });
  });
});
