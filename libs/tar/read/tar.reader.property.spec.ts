import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { archive, gnuLong, header, member, pax, readArchive } from '../testing/archive-builder';
import { TarError } from '../tar.error';

const LIMITS = { maxHoleBytes: 1024 * 1024, maxMemberSize: 2 ** 40 };

/** An archive with one member of every kind, for mutations. */
const SEED = archive(
  pax([['comment', 'delivery']], 'g'),
  member({ name: '2013.1.09999.S/', typeflag: '5' }),
  pax([
    ['path', `2013.1.09999.S/${'é'.repeat(80)}`],
    ['mtime', '1421744400.25'],
  ]),
  member({}, Buffer.alloc(700, 3)),
  gnuLong('L', `2013.1.09999.S/${'n'.repeat(120)}`),
  gnuLong('K', 't'.repeat(120)),
  member({ typeflag: '2', magic: 'gnu' }),
  pax([
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', 'cube.fits'],
    ['GNU.sparse.realsize', '5000'],
  ]),
  member({}, Buffer.concat([Buffer.from('1\n512\n600\n'.padEnd(512, '\0')), Buffer.alloc(600, 4)])),
  pax([
    ['GNU.sparse.size', '5000'],
    ['GNU.sparse.map', '512,600'],
  ]),
  member({}, Buffer.alloc(600, 5)),
  header({
    magic: 'gnu',
    typeflag: 'S',
    size: 512,
    patches: [
      [386, '00000001000\0' + '00000001000\0'],
      [483, '00000010000\0'],
    ],
  }),
  Buffer.alloc(512, 6),
  member({ magic: 'v7', name: 'old' }, 'v7'),
);

/** A change of a byte string. Header checksums can be fixed afterwards, so that the reader gets past them. */
type Mutation =
  | { kind: 'set'; at: number; byte: number }
  | { kind: 'copy'; from: number; at: number; length: number }
  | { kind: 'cut'; at: number; length: number }
  | { kind: 'digits'; at: number; text: string };

const position = fc.nat(SEED.length - 1);
/** Offsets of header fields, so that as many mutations hit a field as hit data. */
const field = fc
  .tuple(fc.nat(SEED.length / 512 - 1), fc.constantFrom(0, 100, 124, 136, 156, 257, 345, 386, 398, 482, 483))
  .map(([block, offset]) => block * 512 + offset);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: position, byte: fc.nat(255) }),
  fc.record({
    kind: fc.constant('copy' as const),
    from: position,
    at: position,
    length: fc.integer({ min: 1, max: 1024 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: position, length: fc.constantFrom(1, 13, 511, 512, 1024) }),
  fc.record({
    kind: fc.constant('digits' as const),
    at: fc.oneof(position, field),
    text: fc.constantFrom('0', '7', '99999999', '\xff\xff\xff\xff', '\x80', '-1', 'x', 'L', 'S', 'g', '\n', '=', ' '),
  }),
);

function mutate(seed: Buffer, mutations: readonly Mutation[], fixed: boolean): Buffer {
  let bytes = Buffer.from(seed);
  for (const change of mutations) {
    const at = change.at % bytes.length;
    if (change.kind === 'set') bytes[at] = change.byte;
    else if (change.kind === 'digits') bytes.write(change.text, at, 'latin1');
    else if (change.kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + change.length)]);
    else bytes.copy(bytes, at, change.from % bytes.length, (change.from % bytes.length) + change.length);
  }
  return fixed ? fixChecksums(bytes) : bytes;
}

function fixChecksums(bytes: Buffer): Buffer {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const block = bytes.subarray(at, at + 512);
    if (!/^[0-7]{6}\0 $/.test(block.toString('latin1', 148, 156))) continue;
    block.write('        ', 148, 'latin1');
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return bytes;
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns the list of members, or the code, offset and message of the error. */
function outcome(bytes: Buffer, chunkSizes: readonly number[]): unknown {
  try {
    const { members, summary } = readArchive(bytes, { chunkSizes, limits: LIMITS });
    for (const { size, content, offset, storedSize } of members) {
      expect(content.length).toBe(size);
      expect(offset + storedSize).toBeLessThanOrEqual(bytes.length);
    }
    return { members: members.map((read) => ({ ...read, content: digest(read.content) })), summary };
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
    return { code: error.code, offset: error.offset, message: error.message };
  }
}

const chunkSizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 })), {
  minLength: 1,
  maxLength: 8,
});

describe('TarReader on any input', () => {
  it('reads the seed of the mutations', () => {
    expect(readArchive(SEED).members.map(({ type, size }) => [type, size])).toEqual([
      ['directory', 0],
      ['file', 700],
      ['symlink', 0],
      ['file', 5000],
      ['file', 5000],
      ['file', 4096],
      ['file', 2],
    ]);
  });

  it('reads the same members for any chunks', () => {
    const whole = outcome(SEED, [SEED.length]);
    fc.assert(
      fc.property(chunkSizes, (sizes) => {
        expect(outcome(SEED, sizes)).toEqual(whole);
      }),
    );
  });

  it('returns members or a TarError for mutated archives, and the same for any chunks', () => {
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        chunkSizes,
        (mutations, fixed, sizes) => {
          const bytes = mutate(SEED, mutations, fixed);
          expect(outcome(bytes, sizes)).toEqual(outcome(bytes, [bytes.length]));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('returns members or a TarError for a mutated delivery', () => {
    const example = join(__dirname, '../../../examples/2013.1.09999.S_uid___A001_X1_Xa3_1_of_2.tar');
    const seed = readFileSync(example).subarray(0, 12_288);
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        outcome(mutate(seed, mutations, true), [1000]);
      }),
      { numRuns: 500 },
    );
  });

  it('returns members or a TarError for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), chunkSizes, (bytes, sizes) => {
        outcome(Buffer.from(bytes), sizes);
      }),
      { numRuns: 300 },
    );
  });
});
