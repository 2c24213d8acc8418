import { execFileSync } from 'node:child_process';
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type FitsInspection, inspectFits, separation, type SkyPosition } from '@almagest/fits';

/** What fits-facts.py prints for a file. */
interface AstropyFacts {
  hdus: { name: string | null; bitpix: number; axes: number[]; dataOffset: number; checksum: boolean }[];
  image: {
    shape: number[];
    unit: string | null;
    object: string | null;
    pixels: number;
    /** Relative: astropy scales small integers in single precision. */
    precision: number;
    undefined: number;
    minimum: number | null;
    maximum: number | null;
    mean: number | null;
    footprint: [lon: number, lat: number][] | null;
    centre: [lon: number, lat: number] | null;
    /** In ICRS: the centre, and points along the outline. */
    icrs: { centre: [lon: number, lat: number]; sides: [lon: number, lat: number][] } | null;
    frequency: [minimum: number, maximum: number] | null;
  } | null;
}

const EXAMPLES = join(__dirname, '../../examples');
/** In degrees: a hundred-thousandth of an arcsecond. */
const SAME_PLACE = 3e-9;
/** A chunk size that breaks header cards and values. */
const CHUNK = 997;

let folder: string;
const facts = new Map<string, AstropyFacts>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'almagest-fits-'));
  const python = execFileSync(process.execPath, [join(__dirname, 'python.mjs')])
    .toString()
    .trim();
  const written = join(folder, 'written');
  mkdirSync(written);
  execFileSync(python, [join(__dirname, 'write-fits.py'), written], { stdio: ['ignore', 'pipe', 'pipe'] });
  const files = readdirSync(written).map((name) => join(written, name));
  for (const [index, tar] of readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.tar'))
    .entries()) {
    const into = join(folder, `sample-${index}`);
    mkdirSync(into);
    execFileSync('tar', ['-xf', join(EXAMPLES, tar), '-C', into]);
    const names = readdirSync(into, { recursive: true, encoding: 'utf8' });
    files.push(...names.filter((name) => name.endsWith('.fits')).map((name) => join(into, name)));
  }
  const output = execFileSync(python, [join(__dirname, 'fits-facts.py'), ...files], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const [path, read] of Object.entries(JSON.parse(output.toString()) as Record<string, AstropyFacts>)) {
    facts.set(path, read);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function near(
  actual: number | null | undefined,
  expected: number | null,
  precision: number,
  scale = Math.abs(expected ?? 0),
): boolean {
  if (expected === null || actual === null || actual === undefined) return expected === (actual ?? null);
  return Math.abs(actual - expected) <= precision * Math.max(scale, Number.MIN_VALUE);
}

/** Returns the names of all properties in which the two differ. */
function differences(path: string, { hdus, image }: AstropyFacts, read: FitsInspection): string[] {
  const found: string[] = [];
  const same = (what: string, is: boolean): void => void (is || found.push(what));
  same('size', read.size === statSync(path).size);
  same(
    'contents',
    JSON.stringify(read.contents.map(({ name, bitpix, axes, dataOffset }) => ({ name, bitpix, axes, dataOffset }))) ===
      JSON.stringify(hdus.map(({ name, bitpix, axes, dataOffset }) => ({ name, bitpix, axes, dataOffset }))),
  );
  const sums = read.contents.map(({ checksum }) => checksum);
  same(
    'checksums',
    sums.every((state, index) => state === (hdus[index]?.checksum ? 'valid' : 'absent')),
  );
  same('image', (read.image === null) === (image === null));
  if (read.image === null || image === null) return found;
  const { shape, unit, object, sky, coverage, spectral } = read.image;
  same('shape', JSON.stringify(shape) === JSON.stringify(image.shape));
  same('unit', unit === image.unit);
  same('object', object === image.object);
  const { statistics } = read;
  const scale = Math.max(Math.abs(image.minimum ?? 0), Math.abs(image.maximum ?? 0));
  same('pixels', statistics?.pixels === image.pixels && statistics.undefinedPixels === image.undefined);
  same('minimum', near(statistics?.minimum, image.minimum, image.precision));
  same('maximum', near(statistics?.maximum, image.maximum, image.precision));
  same('mean', near(statistics?.mean, image.mean, image.precision, scale));
  const at = (corner: [number, number]): { lon: number; lat: number } => ({ lon: corner[0], lat: corner[1] });
  const corners = sky?.footprint ?? [];
  for (const [index, corner] of (image.footprint ?? []).entries()) {
    const distance = Math.min(...corners.map((each) => separation(each, at(corner))));
    same(`corner ${index}`, distance < SAME_PLACE);
  }
  same('footprint', (image.footprint === null) === (corners.length === 0));
  same(
    'centre',
    image.centre === null || (sky?.centre ? separation(sky.centre, at(image.centre)) < SAME_PLACE : false),
  );
  if (image.icrs !== null && coverage?.region) {
    const { centre, region } = coverage;
    same('ICRS centre', centre !== null && separation(centre, at(image.icrs.centre)) < SAME_PLACE);
    const vertices = region.shape === 'polygon' ? region.vertices : [];
    const tolerance = (0.11 * Math.min(...(sky?.pixelArcsec ?? []))) / 3600;
    for (const [index, point] of image.icrs.sides.entries()) {
      const distances = vertices.map((from, i) =>
        offSide(at(point), from, vertices[(i + 1) % vertices.length] ?? from),
      );
      same(`ICRS side, point ${index}`, Math.min(...distances) < tolerance);
    }
  }
  same('region', (coverage?.region ?? null) === null ? image.footprint === null : true);
  same('frequency', near(spectral?.minimumHz, image.frequency?.[0] ?? null, 1e-9));
  same('frequency', near(spectral?.maximumHz, image.frequency?.[1] ?? null, 1e-9));
  return found;
}

/** Returns the distance of a position from the great circle between two others, in degrees. */
function offSide(place: SkyPosition, from: SkyPosition, to: SkyPosition): number {
  const along = separation(from, to);
  const [a, b] = [separation(place, from), separation(place, to)];
  // Heron's formula on the sphere, stable for thin triangles.
  const half = (along + a + b) / 2;
  const [s, sa, sb, sc] = [half, half - along, half - a, half - b].map((angle) =>
    Math.sin((Math.max(0, angle) * Math.PI) / 180),
  ) as [number, number, number, number];
  const sine = (2 * Math.sqrt(s * sa * sb * sc)) / Math.sin((along * Math.PI) / 180);
  return Math.max(0, a - along, b - along, (Math.asin(Math.min(1, sine)) * 180) / Math.PI);
}

describe('FITS facts', () => {
  it('cover at least 50 files that astropy writes and every file of the sample', () => {
    const names = [...facts.keys()];
    expect(names.filter((name) => name.includes('/written/')).length).toBeGreaterThanOrEqual(50);
    expect(names.filter((name) => !name.includes('/written/'))).toHaveLength(21);
  });

  it('are the same as those that astropy reads', async () => {
    const differing: Record<string, string[]> = {};
    for (const [path, expected] of facts) {
      const read = await inspectFits(createReadStream(path, { highWaterMark: CHUNK }));
      const found = differences(path, expected, read);
      if (found.length > 0) differing[path.slice(folder.length)] = found;
    }
    expect(differing).toEqual({});
  });

  it('show an invalid checksum for a changed byte in every file with checksums', async () => {
    const summed = [...facts].filter(([, { hdus }]) => hdus.some(({ checksum }) => checksum));
    expect(summed.length).toBeGreaterThan(8);
    for (const [path, { hdus }] of summed) {
      const bytes = readFileSync(path);
      const at = Math.max(...hdus.filter(({ axes }) => axes.length > 0).map(({ dataOffset }) => dataOffset));
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const { contents } = await inspectFits(Readable.from(chunksOf(bytes)));
      expect([path, contents.filter(({ checksum }) => checksum === 'invalid').length]).toEqual([path, 1]);
    }
  });
});

function* chunksOf(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}
