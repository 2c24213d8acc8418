import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { TarError, TarReader } from '@almagest/tar';
import { DeliveryInspection } from './inspection';
import type { DeliveryReport } from './report/report';
import { EXAMPLES } from './testing/sample-delivery';

const PARTS = [1, 2].map((part) => `2013.1.09999.S_uid___A001_X1_Xa3_${part}_of_2.tar`);
const LONG_NAME = 'L';

type Part = readonly [name: string, bytes: Buffer];

/** Inspects the bytes of parts, read through the tar codec, as a delivery. */
async function inspect(parts: readonly Part[]): Promise<DeliveryReport> {
  const inspection = new DeliveryInspection({ posted: null });
  for (const [name, bytes] of parts) {
    const part = inspection.openPart(name);
    const reader = new TarReader({ onEntry: (entry) => part.entry(entry).content });
    let problem: TarError | undefined;
    try {
      for (let at = 0; at < bytes.length; at += 65_536) {
        reader.write(bytes.subarray(at, at + 65_536));
        await inspection.backlog();
      }
      reader.end();
    } catch (error) {
      if (!(error instanceof TarError)) throw error;
      problem = error;
    }
    part.close(problem);
  }
  return inspection.finish();
}

/** Changes the header of the file whose path ends with `path`, in place, and updates its checksum. */
function change(bytes: Buffer, path: string, act: (header: Buffer) => void): Buffer {
  let at = -1;
  const reader = new TarReader({
    onEntry: (entry) => {
      if (entry.path.endsWith(path)) at = entry.offset - 512;
      return null;
    },
  });
  reader.write(bytes);
  if (at < 0) throw new Error(`${path} is not in the part`);
  const header = bytes.subarray(at, at + 512);
  act(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

describe('a delivery of the sample with a change to the bytes of its first part', () => {
  const parts = (): Part[] => PARTS.map((name) => [name, readFileSync(join(EXAMPLES, name))]);

  it('has no findings without a change', async () => {
    const { findings, unchecked } = await inspect(parts());
    expect([findings, unchecked]).toEqual([[], []]);
  });

  it.each<[code: string, what: string, change: (bytes: Buffer) => Buffer]>([
    ['archive.compressed', 'a gzip file with its name', (bytes) => gzipSync(bytes)],
    ['archive.truncated', 'an empty file', () => Buffer.alloc(0)],
    ['archive.truncated', 'only its first half', (bytes) => bytes.subarray(0, bytes.length / 2)],
    [
      'archive.truncated',
      'no end-of-archive blocks',
      (bytes) => bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1),
    ],
    ['archive.trailing-data', 'an HTML page behind its end', (bytes) => Buffer.concat([bytes, Buffer.from('<html>')])],
    ['archive.malformed', 'an HTML page instead of a tar', () => Buffer.from('<!doctype html>'.repeat(100))],
    ['archive.malformed', 'a flipped bit in a header', (bytes) => (bytes.writeUInt8((bytes[0] ?? 0) ^ 1, 0), bytes)],
    [
      'archive.over-limits',
      'an announced name of 4 GiB',
      (bytes) =>
        change(bytes, '/README', (header) => {
          header.write(LONG_NAME, 156, 'latin1');
          header.write('40000000000\0', 124, 'latin1');
        }),
    ],
  ])('%s: %s', async (code, _what, change) => {
    const [first, second] = parts();
    if (first === undefined || second === undefined) throw new Error('the sample has two parts');
    const { findings, verdict } = await inspect([[first[0], change(first[1])], second]);
    expect([verdict, findings.map((finding) => finding.code)]).toEqual(['rejected', [code]]);
  });

  it('archive.truncated: says what to do when the writer of a part forgot its end', async () => {
    const [first, second] = parts();
    if (first === undefined || second === undefined) throw new Error('the sample has two parts');
    const reader = new TarReader({ onEntry: () => null });
    reader.write(first[1]);
    const { endOffset } = reader.end();
    const { findings } = await inspect([[first[0], first[1].subarray(0, endOffset)], second]);
    expect(findings).toMatchObject([{ code: 'archive.truncated', remedy: expect.stringContaining('two zero blocks') }]);
  });

  it('package.part-missing: only the second part, and rules about missing files are not checked', async () => {
    const { findings, unchecked } = await inspect(parts().slice(1));
    expect(findings.map(({ code }) => code)).toEqual(['package.part-missing']);
    expect(unchecked).toContain('item.readme');
  });
});
