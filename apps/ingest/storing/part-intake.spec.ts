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
import { ChunkMemory } from '../limits/chunk-memory';
import { type Source, StreamReader } from '@almagest/sources';
import { PartIntake, type TakenPart } from './part-intake';
import { PartTooLongError } from '../ingest.error';
import type { PartOrder } from './part-order';

const MIB = 1024 * 1024;
const NAME = '2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar';
const CHUNK = 8 * MIB;

const never = new AbortController().signal;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Gives the bytes, and breaks off before the end if it is told to. */
function sourceOf(bytes: Buffer, breakAt = Infinity): Source {
  async function* pieces(): AsyncGenerator<Buffer, void> {
    for (let at = 0; at < bytes.length; at += 100_000) {
      if (at >= breakAt) throw new Error('the source broke off');
      yield bytes.subarray(at, at + 100_000);
    }
  }
  return { open: async () => new StreamReader(pieces()) };
}

describe('PartIntake', () => {
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
    root = await mkdtemp(join(tmpdir(), 'almagest-intake-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
  });
  afterEach(() => rm(root, { recursive: true }));
  afterAll(() => threads.onApplicationShutdown());

  const intakeWith = (settings: { parts?: number; bufferBytes?: number } = {}): PartIntake => {
    const all = { concurrency: 1, maxPartSize: MIB, uploadKeepDays: 7 };
    const config = new IngestConfig({ ...all, parts: 1, bufferBytes: 64 * MIB, ...settings });
    return new PartIntake(store, threads, new ChunkMemory(config.settings.bufferBytes), config);
  };
  const orderOf = (source: Source, more: Partial<PartOrder> = {}): PartOrder => ({
    ...{ name: NAME, key: `project/group/ous/r1/${NAME}`, source, size: part.length, sha256: sha256(part) },
    ...more,
  });
  const take = (intake: PartIntake, order: PartOrder): Promise<TakenPart> => {
    const inspection = new DeliveryInspection({ posted: null });
    return intake.take(order, inspection, inspection.openPart(order.name), never);
  };
  const stored = async (): Promise<Buffer> => buffer(await store.read(orderOf(sourceOf(part)).key));

  it('reads a part once: its digest, where each file lies and its digest, and all of it in the store', async () => {
    const { facts, upload } = await take(intakeWith(), orderOf(sourceOf(part)));
    expect(facts).toMatchObject({ size: part.length, sha256: sha256(part) });
    expect(facts.files.map(({ path, sha256: digest }) => ({ path, digest }))).toEqual(
      members.map(({ name, content }) => ({ path: name, digest: sha256(content) })),
    );
    for (const { offset, size, sha256: digest } of facts.files) {
      expect(sha256(part.subarray(offset, offset + size))).toBe(digest);
    }
    expect(await store.head(orderOf(sourceOf(part)).key)).toBeNull();
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('sends again only what an earlier run did not bring there', async () => {
    const intake = intakeWith();
    await expect(take(intake, orderOf(sourceOf(part, 30 * MIB)))).rejects.toThrow('the source broke off');
    const { upload } = await take(intake, orderOf(sourceOf(part)));
    expect(upload?.progress).toEqual({ kept: 3 * CHUNK, sent: part.length - 3 * CHUNK });
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('replaces what an earlier run brought there of another file', async () => {
    const intake = intakeWith();
    const other = Buffer.from(part);
    other.writeUInt8(255 - other.readUInt8(10 * MIB), 10 * MIB);
    await expect(take(intake, orderOf(sourceOf(other, 30 * MIB)))).rejects.toThrow('the source broke off');
    const { upload } = await take(intake, orderOf(sourceOf(part)));
    expect(upload?.progress.kept).toBe(2 * CHUNK);
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('reads a part from the store that is visible already: its source may be gone', async () => {
    const intake = intakeWith();
    await (await take(intake, orderOf(sourceOf(part)))).upload?.complete();
    const again = await take(intake, orderOf(sourceOf(part, 0)));
    expect(again.upload).toBeNull();
    expect(again.facts).toMatchObject({ sha256: sha256(part), size: part.length });
    expect(again.facts.files).toHaveLength(members.length);
  });

  it('reads a part again for its digest alone: what is no archive is stored all the same', async () => {
    const bytes = randomBytes(20 * MIB + 3);
    const order = orderOf(sourceOf(bytes), { size: bytes.length, sha256: null });
    const { facts, upload } = await intakeWith().takeAgain(order, never);
    expect(facts).toEqual({ size: bytes.length, sha256: sha256(bytes) });
    expect(await store.head(order.key)).toBeNull();
    await upload?.complete();
    expect((await stored()).equals(bytes)).toBe(true);
    const there = await intakeWith().takeAgain({ ...order, source: sourceOf(bytes, 0) }, never);
    expect(there).toMatchObject({ facts, upload: null });
  });

  it('takes several parts at a time, within its memory', async () => {
    const intake = intakeWith({ parts: 2, bufferBytes: 32 * MIB });
    const orders = [1, 2, 3, 4].map((number) => orderOf(sourceOf(part), { key: `project/group/ous/r1/${number}` }));
    const taken = await Promise.all(orders.map((order) => take(intake, order)));
    expect(taken.map(({ facts }) => facts.sha256)).toEqual(orders.map(() => sha256(part)));
  });

  it('stores nothing more of what is no archive, and reads it to its end for its digest', async () => {
    const page = Buffer.concat([Buffer.from('<!DOCTYPE html>'), randomBytes(20 * MIB)]);
    const intake = intakeWith();
    const { facts, upload } = await take(intake, orderOf(sourceOf(page), { size: page.length }));
    expect(facts).toEqual({ size: page.length, sha256: sha256(page), files: [] });
    expect(upload?.progress).toEqual({ sent: 0, kept: 0 });
  });

  it('keeps nothing of a part that was cut short for the digests of the next one', async () => {
    const intake = intakeWith();
    const half = part.subarray(0, 21 * MIB);
    await take(intake, orderOf(sourceOf(half), { size: half.length, key: 'project/group/ous/r1/half' }));
    const { facts } = await take(intake, orderOf(sourceOf(part)));
    expect(facts.sha256).toBe(sha256(part));
    expect(facts.files[0]?.sha256).toBe(sha256(members[0]?.content ?? Buffer.alloc(0)));
  });

  it.each([0, CHUNK, CHUNK + 1, 2 * CHUNK])('tells what there was of a part that ends after %d bytes', async (size) => {
    const cut = part.subarray(0, size);
    const { facts, upload } = await take(intakeWith(), orderOf(sourceOf(cut)));
    expect(facts).toMatchObject({ size, sha256: sha256(cut) });
    expect(upload?.progress.sent).toBe(size);
  });

  it('stops at the first byte too many', async () => {
    const reading = take(intakeWith(), orderOf(sourceOf(part), { size: part.length - 1 }));
    await expect(reading).rejects.toThrow(PartTooLongError);
  });

  it('fails as the store does, and goes on with what is there when the store is well', async () => {
    const write = jest.spyOn(store, 'writeChunk');
    const intake = intakeWith();
    write.mockImplementationOnce((...args) => DirectoryObjectStore.prototype.writeChunk.apply(store, args));
    write.mockRejectedValueOnce(new ObjectStoreError('object-store.full', 'no room'));
    await expect(take(intake, orderOf(sourceOf(part)))).rejects.toMatchObject({ code: 'object-store.full' });
    write.mockRestore();
    const { upload } = await take(intake, orderOf(sourceOf(part)));
    expect(upload?.progress.kept).toBeGreaterThanOrEqual(CHUNK);
    await upload?.complete();
    expect((await stored()).equals(part)).toBe(true);
  });

  it('says when the chunks of a part do not fit into its memory', async () => {
    const intake = intakeWith({ bufferBytes: 32 * MIB });
    const huge = take(intake, orderOf(sourceOf(part), { size: 2 ** 38 }));
    await expect(huge).rejects.toMatchObject({ code: 'archive.buffers-too-small' });
  });
});
