import { Readable } from 'node:stream';
import { inspectFits } from '../facts/inspect-fits';
import {
  dataBytes,
  extensionRecords,
  headerBytes,
  imageFile,
  primaryRecords,
  raw,
  record,
  skyRecords,
} from '../testing/fits-file.fixture';
import { FitsReader } from '../reader/fits-reader';
import type { Hdu } from '../reader/hdu';
import { openCutout } from './open-cutout';
import type { CutoutFilter } from './plan-cutout';

const [NX, NY, CHANNELS, STOKES] = [30, 20, 12, 4];
const ALL: CutoutFilter = { sky: null, band: null, stokes: null };
const AXES = [
  ...skyRecords({ crpix: [15, 10], pixel: 0.01 }),
  record('CTYPE3', 'FREQ'),
  record('CRVAL3', 2.3e11),
  record('CRPIX3', 1),
  record('CDELT3', -1e6),
  record('CUNIT3', 'Hz'),
  record('CTYPE4', 'STOKES'),
  record('CRVAL4', 1),
  record('CRPIX4', 1),
  record('CDELT4', 1),
];
const MORE = [
  record('DATAMAX', 7),
  record('CHECKSUM', 'a'.repeat(16)),
  record('CTYPE1A', 'XPIXEL'),
  record('CRPIX1A', 3),
  raw('HISTORY imaged'),
];
const PIXELS = Array.from({ length: NX * NY * CHANNELS * STOKES }, (_, i) => i);
const CUBE = imageFile([NX, NY, CHANNELS, STOKES], PIXELS, [...AXES, ...MORE]);
const BEAMS = beams();
/** The frequency of a channel, from 1. */
const channel = (number: number): number => 2.3e11 - (number - 1) * 1e6;

function beams(): Buffer {
  const columns = ['BMAJ 1E', 'BMIN 1E', 'BPA 1E', 'CHAN 1J', 'POL 1J'].flatMap((column, i) => {
    const [name = '', form = ''] = column.split(' ');
    return [record(`TTYPE${i + 1}`, name), record(`TFORM${i + 1}`, form)];
  });
  const rows = Buffer.alloc(20 * CHANNELS * STOKES);
  for (let i = 0; i < CHANNELS * STOKES; i++) {
    rows.writeFloatBE(100 + i, 20 * i);
    rows.writeInt32BE(i % CHANNELS, 20 * i + 12);
    rows.writeInt32BE(Math.floor(i / CHANNELS), 20 * i + 16);
  }
  const size = extensionRecords('BINTABLE', 8, [20, CHANNELS * STOKES], { tfields: 5 });
  const counts = [record('NCHAN', CHANNELS), record('NPOL', STOKES)];
  return Buffer.concat([headerBytes([...size, record('EXTNAME', 'BEAMS'), ...counts, ...columns]), dataBytes(rows)]);
}

interface Result {
  bytes: Buffer;
  hdus: Hdu[];
  read: number;
  values: number[];
}

async function cut(file: Buffer, filter: Partial<CutoutFilter>): Promise<Result | null> {
  let read = 0;
  const cutout = await openCutout(
    {
      name: 'cube.fits',
      sha256: 'b'.repeat(64),
      size: file.length,
      open: (start, end) => {
        read += end + 1 - start;
        // In pieces that break rows and pixels.
        return Promise.resolve(Readable.from(chunks(file.subarray(start, end + 1)), { objectMode: false }));
      },
    },
    { ...ALL, ...filter },
  );
  if (cutout === null) return null;
  const pieces: Buffer[] = [];
  for await (const piece of cutout.pieces) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  expect(bytes.length).toBe(cutout.size);
  const hdus: Hdu[] = [];
  const reader = new FitsReader({ onHeader: (hdu) => hdus.push(hdu) });
  reader.write(bytes);
  expect(reader.end().remarks.filter(({ level }) => level === 'must')).toEqual([]);
  const image = hdus.find(({ axes }) => axes.length > 1) as Hdu;
  const count = image.bitpix === -32 ? image.dataLength / 4 : 0;
  const values = Array.from({ length: count }, (_, i) => bytes.readFloatBE(image.dataOffset + 4 * i));
  return { bytes, hdus, read, values };
}

function* chunks(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997);
}

/** The values of a box of the cube: first and last of each axis, and the Stokes planes. */
function expected(x: [number, number], y: [number, number], z: [number, number], planes: number[]): number[] {
  const from = ([first, last]: [number, number]): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return planes.flatMap((p) =>
    from(z).flatMap((c) =>
      from(y).flatMap((row) =>
        from(x).map((column) => column - 1 + NX * (row - 1 + NY * (c - 1 + CHANNELS * (p - 1)))),
      ),
    ),
  );
}

describe('a cutout', () => {
  it('has the pixels of the shape, the channels and the Stokes parameters, and their coordinates', async () => {
    const sky = { shape: 'circle', centre: { lon: 150, lat: -30 }, radius: 0.029 } as const;
    const band = { minimumHz: channel(7), maximumHz: channel(4) };
    const result = await cut(Buffer.concat([CUBE, BEAMS]), { sky, band, stokes: ['V', 'I', 'XX'] });
    const [image, table] = result?.hdus ?? [];
    expect(image?.axes).toEqual([7, 7, 4, 2]);
    expect(result?.values).toEqual(expected([12, 18], [7, 13], [4, 7], [1, 4]));
    const number = (keyword: string): unknown => image?.header.number(keyword);
    expect(['CRPIX1', 'CRPIX2', 'CRPIX3', 'CRPIX4', 'CRPIX1A'].map(number)).toEqual([4, 4, -2, 1, -8]);
    expect(['CDELT4', 'CRVAL4', 'CDELT3', 'CRVAL3'].map(number)).toEqual([3, 1, -1e6, 2.3e11]);
    expect(['DATAMAX', 'CHECKSUM'].map((keyword) => image?.header.has(keyword))).toEqual([false, false]);
    const history = image?.header.cards.filter(({ keyword }) => keyword === 'HISTORY').map(({ comment }) => comment);
    expect(history).toEqual([
      'imaged',
      'Almagest cut out the pixels [12:18,7:13,4:7,1:4:3] of cube.fits',
      `SHA-256 ${'b'.repeat(64)}`,
    ]);
    expect([table?.axes, table?.header.number('NCHAN'), table?.header.number('NPOL')]).toEqual([[20, 8], 4, 2]);
    const rows = Array.from({ length: 8 }, (_, i) => (table?.dataOffset ?? 0) + 20 * i);
    expect(rows.map((at) => result?.bytes.readFloatBE(at))).toEqual([103, 104, 105, 106, 139, 140, 141, 142]);
    expect(rows.map((at) => result?.bytes.readInt32BE(at + 12))).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    expect(rows.map((at) => result?.bytes.readInt32BE(at + 16))).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('reads the headers, and of the selected planes the selected rows', async () => {
    const [nx, ny, planes] = [400, 300, 20];
    const large = imageFile([nx, ny, planes, 1], Array(nx * ny * planes).fill(1) as number[], AXES);
    const sky = { shape: 'circle', centre: { lon: 150, lat: -30 }, radius: 0.05 } as const;
    const headers = 24 * 2880;
    const some = await cut(large, { sky, band: { minimumHz: channel(6), maximumHz: channel(5) } });
    const [width = 0, height = 0] = some?.hdus[0]?.axes ?? [];
    expect([width, height, some?.hdus[0]?.axes[2]]).toEqual([11, 11, 2]);
    expect((some?.read ?? 0) - headers).toBe(2 * ((height - 1) * nx + width) * 4);
    const plane = await cut(large, { band: { minimumHz: channel(6), maximumHz: channel(6) } });
    expect((plane?.read ?? 0) - headers).toBe(nx * ny * 4);
  });

  it('reads rows that are far apart one by one', async () => {
    const wide = imageFile([50_000, 3], Array(150_000).fill(2) as number[], skyRecords({ crpix: [25_000, 2] }));
    const sky = { shape: 'circle', centre: { lon: 150, lat: -30 }, radius: 2.4e-4 } as const;
    const result = await cut(wide, { sky });
    expect(result?.hdus[0]?.axes).toEqual([5, 3]);
    expect((result?.read ?? 0) - 24 * 2880).toBe(3 * 5 * 4);
  });

  it.each([
    ['a state of the file', ['Q'], [1, 2]],
    ['neighbours', ['U', 'Q'], [2, 2]],
    ['every state', ['I', 'Q', 'U', 'V'], [4, 1]],
  ])('has %s', async (_, stokes, [count, first]) => {
    const result = await cut(CUBE, { stokes });
    const header = result?.hdus[0]?.header;
    expect([header?.number('NAXIS4'), header?.number('CRPIX4')]).toEqual([count, 2 - (first ?? 0)]);
    expect((await inspectFits(Readable.from([result?.bytes]))).image?.stokes).toHaveLength(count ?? 0);
  });

  it.each<[string, Partial<CutoutFilter>]>([
    ['position', { sky: { shape: 'circle', centre: { lon: 151, lat: -30 }, radius: 0.1 } }],
    ['frequency', { band: { minimumHz: 1e11, maximumHz: 2e11 } }],
    ['Stokes parameter', { stokes: ['RR'] }],
  ])('is null when the image has nothing of the %s', async (_, filter) => {
    expect(await cut(CUBE, filter)).toBeNull();
  });

  it('takes the channel that contains a frequency, and open ends', async () => {
    const shape = async (minimumHz: number, maximumHz: number): Promise<unknown> =>
      (await cut(CUBE, { band: { minimumHz, maximumHz } }))?.hdus[0]?.axes[2];
    expect(await shape(channel(3) + 1e5, channel(3) + 1e5)).toBe(1);
    expect(await shape(channel(3) + 5e5, channel(3) + 5e5)).toBe(1);
    expect(await shape(0, channel(3))).toBe(CHANNELS - 2);
    expect(await shape(0, Infinity)).toBe(CHANNELS);
    // From edge to edge, with the rounding of a wavelength.
    expect(await shape((channel(5) - 5e5) * (1 - 1e-16), (channel(4) + 5e5) * (1 + 1e-16))).toBe(2);
  });

  it.each<[number, number]>([
    [8, 1],
    [16, 2],
    [64, 8],
    [-64, 8],
  ])('copies the pixels of BITPIX %i as they are, with BSCALE', async (bitpix, size) => {
    const data = Buffer.from(Array.from({ length: 6 * 5 * size }, (_, i) => i % 251));
    const records = [...primaryRecords(bitpix, [6, 5]), ...skyRecords({ pixel: 0.01 }), record('BSCALE', 0.5)];
    const sky = { shape: 'circle', centre: { lon: 150, lat: -30 }, radius: 0.001 } as const;
    const result = await cut(Buffer.concat([headerBytes(records), dataBytes(data)]), { sky });
    const [hdu] = result?.hdus ?? [];
    expect([hdu?.axes, hdu?.header.number('BSCALE')]).toEqual([[1, 1], 0.5]);
    expect(result?.bytes.subarray(hdu?.dataOffset, (hdu?.dataOffset ?? 0) + size)).toEqual(data.subarray(0, size));
  });

  it('keeps the primary header before an image in an extension', async () => {
    const primary = headerBytes([...primaryRecords(8, []), record('OBJECT', 'NGC1')]);
    const size = extensionRecords('IMAGE', -32, [6, 5]);
    const extension = Buffer.concat([
      headerBytes([...size, ...skyRecords({ pixel: 0.01 })]),
      dataBytes(Buffer.alloc(120)),
    ]);
    const sky = { shape: 'circle', centre: { lon: 150, lat: -30 }, radius: 0.001 } as const;
    const result = await cut(Buffer.concat([primary, extension]), { sky });
    expect(result?.hdus.map(({ axes }) => axes)).toEqual([[], [1, 1]]);
    expect(result?.hdus[0]?.header.text('OBJECT')).toBe('NGC1');
  });

  it.each<[string, Buffer, Partial<CutoutFilter>, string]>([
    [
      'no spectral axis',
      imageFile([4, 4], Array(16).fill(0) as number[], skyRecords()),
      { band: { minimumHz: 1, maximumHz: 2 } },
      'no spectral axis',
    ],
    [
      'no STOKES axis',
      imageFile([4, 4], Array(16).fill(0) as number[], skyRecords()),
      { stokes: ['I'] },
      'no STOKES axis',
    ],
    [
      'no sky axes',
      imageFile([4, 4], Array(16).fill(0) as number[]),
      { sky: { shape: 'circle', centre: { lon: 1, lat: 1 }, radius: 1 } },
      'no sky axes',
    ],
    ['Stokes parameters at unequal steps', CUBE, { stokes: ['I', 'Q', 'V'] }, 'not evenly spaced'],
    ['no image', headerBytes(primaryRecords(8, [])), {}, 'no uncompressed image'],
    ['fewer pixels than its header says', CUBE.subarray(0, 30_000), {}, 'ends within the pixels'],
    ['a header beyond the limit', Buffer.alloc(2 * 1024 * 1024, raw('SIMPLE  = T')), {}, 'no END'],
    [
      'a table of beams of another form',
      Buffer.concat([
        CUBE,
        headerBytes([...extensionRecords('BINTABLE', 8, [4, 0], { tfields: 0 }), record('EXTNAME', 'BEAMS')]),
      ]),
      {},
      'BEAMS table',
    ],
  ])('is refused for a file with %s', async (_, file, filter, message) => {
    await expect(cut(file, filter)).rejects.toThrow(message);
  });

  it('reads no pixel before its header is taken, and closes its reads when its reader stops, or one fails', async () => {
    const opened: Readable[] = [];
    const stored = (failing: boolean) => ({
      name: 'x',
      sha256: '',
      size: CUBE.length,
      open: (start: number, end: number): Promise<Readable> => {
        if (failing && start > 30_000) return Promise.reject(new Error('the store is away'));
        const stream = Readable.from(chunks(CUBE.subarray(start, end + 1)));
        opened.push(stream);
        return Promise.resolve(stream);
      },
    });
    const filter = {
      ...ALL,
      stokes: ['I', 'Q'],
      sky: { shape: 'circle', centre: { lon: 150, lat: -30 }, radius: 0.03 },
    } as const;
    const stopped = await openCutout(stored(false), filter);
    await stopped?.pieces.next();
    expect(opened).toHaveLength(1);
    await stopped?.pieces.next();
    await stopped?.pieces.return();
    const failed = await openCutout(stored(true), filter);
    const all = async (): Promise<void> => {
      for await (const piece of failed?.pieces ?? []) expect(piece.length).toBeGreaterThan(0);
    };
    await expect(all()).rejects.toThrow('the store is away');
    await new Promise(setImmediate);
    expect(opened.map(({ destroyed }) => destroyed)).toEqual(opened.map(() => true));
  });
});
