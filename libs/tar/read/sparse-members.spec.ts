import {
  archive,
  base256,
  header,
  member,
  padded,
  pax,
  readArchive,
  ReadMember,
  refusal,
} from '../testing/archive-builder';
import { TarReader } from './tar.reader';

const octal = (value: number) => `${value.toString(8).padStart(11, '0')}\0`;
const ONES = Buffer.alloc(600, 1);
const TWOS = Buffer.alloc(100, 2);

/** Segments at 512 (600 bytes) and 4096 (100 bytes) of 5000 bytes. */
const EXPANDED = Buffer.concat([Buffer.alloc(512), ONES, Buffer.alloc(4096 - 1112), TWOS, Buffer.alloc(5000 - 4196)]);
const STORED = Buffer.concat([ONES, TWOS]);
const SEGMENTS = (offset: number) => [
  { at: 512, offset, length: 600 },
  { at: 4096, offset: offset + 600, length: 100 },
];

type Patch = [offset: number, bytes: string | Buffer];

/** The segments of GNU's old format from `start` on. */
function segmentFields(start: number, pairs: readonly (readonly [number, number])[]): Patch[] {
  return pairs.map(([at, length], i) => [start + 24 * i, octal(at) + octal(length)]);
}

/** A header of GNU's old format. */
function oldGnu(options: {
  pairs: readonly (readonly [number, number])[];
  stored: number;
  size: number;
  more?: boolean;
}): Buffer {
  const patches: Patch[] = [...segmentFields(386, options.pairs), [483, octal(options.size)]];
  if (options.more) patches.push([482, '\x01']);
  return header({ magic: 'gnu', typeflag: 'S', size: options.stored, patches });
}

function extensionBlock(pairs: readonly (readonly [number, number])[], more: boolean): Buffer {
  const block = Buffer.alloc(512);
  for (const [offset, bytes] of segmentFields(0, pairs)) block.write(String(bytes), offset, 'latin1');
  block[504] = more ? 1 : 0;
  return block;
}

function pax10(map: string, data: Buffer, size: string): Buffer {
  const body = Buffer.concat([padded(Buffer.from(map)), data]);
  const records: [string, string][] = [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', 'cube.fits'],
    ['GNU.sparse.realsize', size],
  ];
  return Buffer.concat([pax(records), member({ name: 'GNUSparseFile.1/cube.fits' }, body)]);
}

function pax00(
  pairs: readonly (readonly [string, string])[],
  data: Buffer,
  size: string,
  extra: [string, string][] = [],
): Buffer {
  const list = pairs.flatMap(([at, length]): [string, string][] => [
    ['GNU.sparse.offset', at],
    ['GNU.sparse.numbytes', length],
  ]);
  return Buffer.concat([pax([['GNU.sparse.size', size], ...list, ...extra]), member({}, data)]);
}

function only(bytes: Buffer): ReadMember {
  return readArchive(bytes).members[0] as ReadMember;
}

describe('sparse members', () => {
  const pairs = [
    [512, 600],
    [4096, 100],
    [5000, 0],
  ] as const;

  it('are read in GNU’s old format', () => {
    const bytes = archive(oldGnu({ pairs, stored: 700, size: 5000 }), padded(STORED), member({ name: 'next' }));
    const { members } = readArchive(bytes);
    expect(members[0]).toMatchObject({
      type: 'file',
      size: 5000,
      storedSize: 700,
      offset: 512,
      segments: SEGMENTS(512),
    });
    expect(members[0]?.content).toEqual(EXPANDED);
    expect(members[1]).toMatchObject({ path: 'next', headerOffset: 1536 });
  });

  it('are read in GNU’s old format with extension blocks, which come before the data', () => {
    const many = Array.from({ length: 4 + 21 + 3 }, (_, i) => [i * 1024, 512] as const);
    const data = Buffer.alloc(28 * 512, 9);
    const blocks = [
      oldGnu({ pairs: many.slice(0, 4), stored: data.length, size: 28 * 1024, more: true }),
      extensionBlock(many.slice(4, 25), true),
      extensionBlock(many.slice(25), false),
      data,
    ];
    const read = only(archive(...blocks));
    expect(read).toMatchObject({ size: 28 * 1024, offset: 1536, storedSize: 28 * 512 });
    expect(read.segments?.map(({ at, offset }) => [at, offset])).toEqual(many.map(([at], i) => [at, 1536 + 512 * i]));
    expect(read.content.length).toBe(28 * 1024);
    expect(read.content.filter((byte) => byte === 9).length).toBe(28 * 512);
  });

  it('are read in pax format 0.0', () => {
    const bytes = archive(
      pax00([['512', '600'], ['4096', '100']], STORED, '5000', [['GNU.sparse.numblocks', '2']]), // prettier-ignore
    );
    expect(only(bytes)).toMatchObject({ path: 'file', size: 5000, segments: SEGMENTS(1536), content: EXPANDED });
  });

  it('are read in pax format 0.1, with the name from a keyword', () => {
    const records: [string, string][] = [
      ['GNU.sparse.size', '5000'],
      ['GNU.sparse.numblocks', '2'],
      ['GNU.sparse.map', '512,600,4096,100'],
      ['GNU.sparse.name', 'cube.fits'],
      ['path', 'GNUSparseFile.1/cube.fits'],
    ];
    const read = only(archive(pax(records), member({}, STORED)));
    expect(read).toMatchObject({ path: 'cube.fits', size: 5000, segments: SEGMENTS(1536), content: EXPANDED });
  });

  it('are read in pax format 1.0, with the offset of the data after the map', () => {
    const read = only(archive(pax10('2\n512\n600\n4096\n100\n', STORED, '5000')));
    expect(read).toMatchObject({
      path: 'cube.fits',
      size: 5000,
      storedSize: 700,
      offset: 2048,
      segments: SEGMENTS(2048),
    });
    expect(read.content).toEqual(EXPANDED);
  });

  it('are read in pax format 1.0 with a map of several blocks', () => {
    const many = Array.from({ length: 300 }, (_, i) => i * 2);
    const map = `300\n${many.map((at) => `${at}\n1\n`).join('')}`;
    const read = only(archive(pax10(map, Buffer.alloc(300, 5), '600')));
    expect(read.content).toEqual(Buffer.from(Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 5 : 0))));
  });

  it('may consist of holes only, or end with one', () => {
    const holes = only(archive(pax00([], Buffer.alloc(0), '3000000')));
    expect(holes).toMatchObject({ segments: [], storedSize: 0, content: Buffer.alloc(3_000_000) });
    expect(only(archive(pax10('0\n', Buffer.alloc(0), '10'))).content).toEqual(Buffer.alloc(10));
  });

  it('pass their holes in pieces of at most 1 MiB, and the reader stops after each', () => {
    const MIB = 1024 * 1024;
    let passed: number[] = [];
    const reader = new TarReader({
      onEntry: ({ path }) =>
        path === 'cube.fits' ? null : { data: ({ length }) => passed.push(length), end: () => undefined },
    });
    const onlyHole = pax00([], Buffer.alloc(0), `${2 * MIB + 5}`);
    const skipped = pax10('0\n', Buffer.alloc(0), `${9 * MIB}`);
    const between = pax00([[`${MIB}`, '600'], ['2000000', '100']], STORED, '3000000'); // prettier-ignore
    const bytes = archive(onlyHole, skipped, between, member({}, TWOS));
    const pieces: number[][] = [];
    for (const _ of reader.pieces(bytes)) {
      pieces.push(passed);
      passed = [];
    }
    expect(pieces).toEqual([[MIB], [MIB], [5], [MIB], [600, 2000000 - 600 - MIB], [100, 3000000 - 2000100]]);
    expect(passed).toEqual([100]);
    expect(reader.end().entries).toBe(4);
  });

  it.each([
    [
      'overlap',
      [
        ['0', '400'],
        ['300', '300'],
      ],
    ],
    [
      'run backwards',
      [
        ['600', '300'],
        ['0', '400'],
      ],
    ],
    [
      'exceed the size',
      [
        ['0', '300'],
        ['4900', '400'],
      ],
    ],
    [
      'cover less than the stored data',
      [
        ['0', '300'],
        ['400', '300'],
      ],
    ],
    [
      'cover more than the stored data',
      [
        ['0', '300'],
        ['400', '500'],
      ],
    ],
  ] as [string, [string, string][]][])('are refused when their segments %s', (_, pairs) => {
    // prettier-ignore
    expect(refusal(archive(pax00(pairs, STORED, '5000'))).code).toBe('tar.bad-sparse-map');
    const map = `${pairs.length}\n${pairs.flat().join('\n')}\n`;
    expect(refusal(archive(pax10(map, STORED, '5000'))).code).toBe('tar.bad-sparse-map');
    const numbers = pairs.map(([at, length]) => [Number(at), Number(length)] as const);
    const old = archive(oldGnu({ pairs: numbers, stored: 700, size: 5000 }), padded(STORED));
    expect(refusal(old).code).toBe('tar.bad-sparse-map');
  });

  it.each([
    [
      'offset without length',
      [
        ['GNU.sparse.size', '9'],
        ['GNU.sparse.map', '1,2,3'],
      ],
    ],
    [
      'two offsets in a row',
      [
        ['GNU.sparse.size', '9'],
        ['GNU.sparse.offset', '1'],
        ['GNU.sparse.offset', '2'],
      ],
    ],
    [
      'a wrong number of segments',
      [
        ['GNU.sparse.size', '9'],
        ['GNU.sparse.numblocks', '7'],
      ],
    ],
    ['no size', [['GNU.sparse.map', '0,0']]],
    ['a negative size', [['GNU.sparse.size', '-9']]],
    ['a size over 2^53', [['GNU.sparse.size', '9999999999999999']]],
    [
      'an unknown version',
      [
        ['GNU.sparse.major', '2'],
        ['GNU.sparse.minor', '0'],
        ['GNU.sparse.realsize', '9'],
      ],
    ],
  ] as [string, [string, string][]][])('are refused when their keywords have %s', (_, records) => {
    // prettier-ignore
    expect(refusal(archive(pax(records), member({}))).code).toBe('tar.bad-sparse-map');
  });

  it.each([
    ['letters', 'two\n'],
    ['an empty number', '\n1\n'],
    ['a number of 400 digits', `${'1'.repeat(400)}\n`],
    ['more segments than fit into the data', '40\n1\n1\n'],
  ])('are refused when the map of format 1.0 has %s', (_, map) => {
    expect(refusal(archive(pax10(map, Buffer.alloc(0), '5000'))).code).toBe('tar.bad-sparse-map');
  });

  it('are refused for anything but files, and with type S outside GNU headers', () => {
    const directory = archive(pax([['GNU.sparse.size', '9']]), member({ typeflag: '5' }));
    expect(refusal(directory).code).toBe('tar.bad-sparse-map');
    expect(refusal(archive(member({ typeflag: 'S' }))).code).toBe('tar.bad-sparse-map');
  });

  it('are refused with a negative size in GNU’s old format', () => {
    const block = header({ magic: 'gnu', typeflag: 'S', patches: [[483, base256(-5n, 12)]] });
    expect(refusal(archive(block))).toMatchObject({ code: 'tar.bad-size', offset: 483, found: '-5' });
  });

  it('are refused when the archive is truncated in their map', () => {
    const blocks = archive(oldGnu({ pairs: [], stored: 0, size: 9, more: true }), extensionBlock([], false));
    expect(refusal(blocks.subarray(0, 700))).toMatchObject({ code: 'tar.truncated-header', offset: 700, path: 'file' });
    const inData = pax10('2\n512\n600\n4096\n100\n', STORED, '5000');
    expect(refusal(inData.subarray(0, 1636))).toMatchObject({ code: 'tar.truncated-header', path: 'cube.fits' });
    expect(refusal(inData.subarray(0, 2058))).toMatchObject({ code: 'tar.truncated-data', path: 'cube.fits' });
  });

  it('are refused over the limits for segments and for holes', () => {
    const pairs: [string, string][] = Array.from({ length: 11 }, (_, i) => [`${i * 10}`, '1']);
    const limits = { maxSparseSegments: 10 };
    expect(refusal(archive(pax00(pairs, Buffer.alloc(11), '5000')), { limits }).code).toBe('tar.oversize-metadata');
    expect(refusal(archive(pax10('11\n', Buffer.alloc(0), '5000')), { limits }).code).toBe('tar.oversize-metadata');
    const holes = pax00([], Buffer.alloc(0), '600');
    expect(readArchive(archive(holes), { limits: { maxHoleBytes: 1000 } }).members).toHaveLength(1);
    expect(refusal(archive(holes, holes), { limits: { maxHoleBytes: 1000 } }).code).toBe('tar.too-large');
  });
});
