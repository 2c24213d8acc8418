import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  compareRms,
  FitsInspector,
  inspectFits,
  measureNoise,
  type SampledImage,
  type StokesNoise,
  verifyPrimaryBeam,
} from './index';

const EXAMPLES = join(__dirname, '../../examples');

interface Figures {
  beam: { major: number; minor: number; pa: number; beams: number };
  rms: number;
  sigma_mad: number;
}

interface Delivery {
  ous_uid: string;
  facts: Record<string, Figures & { file: string }> & { calibrators?: Record<string, Figures> };
  product_tars: { name: string; members: { path: string; size?: number; offset?: number }[] }[];
}

/** A FITS file in a tar, by its offset. */
interface Member {
  ous: string;
  path: string;
  size: number;
  open: () => Readable;
}

const { deliveries } = JSON.parse(readFileSync(join(EXAMPLES, 'manifest.json'), 'utf8')) as { deliveries: Delivery[] };

const members: Member[] = deliveries.flatMap(({ ous_uid: ous, product_tars: tars }) =>
  tars.flatMap(({ name, members: inTar }) =>
    inTar.flatMap(({ path, size = 0, offset = 0 }) => {
      const open = (): Readable => createReadStream(join(EXAMPLES, name), { start: offset, end: offset + size - 1 });
      return path.endsWith('.fits') ? [{ ous, path, size, open }] : [];
    }),
  ),
);

const figures = deliveries.flatMap(({ ous_uid: ous, facts }) => {
  const { calibrators = {}, ...images } = facts;
  const named = Object.entries(calibrators).map(([file, stated]) => ({ ous, kind: 'calibrator', file, stated }));
  return [...Object.entries(images).map(([kind, stated]) => ({ ous, kind, file: stated.file, stated })), ...named];
});

function member(ous: string, file: string): Member {
  const found = members.find((candidate) => candidate.ous === ous && candidate.path.endsWith(`/${file}`));
  if (!found) throw new Error(`${file} is not in the examples`);
  return found;
}

async function sampled(ous: string, file: string): Promise<SampledImage> {
  const inspector = new FitsInspector({ sample: true });
  for await (const chunk of member(ous, file).open()) inspector.write(chunk as Buffer);
  const image = inspector.sampledImage(inspector.end());
  if (image === null) throw new Error(`${file} holds no image`);
  return image;
}

async function noiseOf(ous: string, file: string): Promise<{ noise: StokesNoise; unit: string | null }> {
  const image = await sampled(ous, file);
  const partner = file.replace('.pbcor.fits', '.flux.fits');
  const measured = file === partner ? measureNoise(image) : verifyPrimaryBeam(image, await sampled(ous, partner));
  const [noise] = measured.noise;
  if (!noise) throw new Error(`${file} could not be measured`);
  return { noise, unit: measured.image.unit };
}

describe('the FITS files of the examples', () => {
  it('are 21 files', () => {
    expect(members).toHaveLength(21);
  });

  it.each(members)('$ous $path conforms, and its facts are complete', async ({ open, size, path }) => {
    const inspection = await inspectFits(open());
    expect(inspection.size).toBe(size);
    // CASA writes a second XTENSION into the BEAMS table: the only departure from the standard.
    const isCasaTable = (code: string, dialect: string | null): boolean =>
      code === 'fits.duplicate-mandatory' && dialect === 'casa';
    expect(inspection.remarks.filter(({ code, dialect }) => !isCasaTable(code, dialect))).toEqual([]);
    expect(inspection.remarks).toHaveLength(inspection.hdus - 1);
    const object = /\.(J\d{4}_\d{4})_/.exec(path)?.[1]?.replace('_', '-') ?? 'NGC9999';
    // CASA leaves OBJECT of a moment map blank when the cube has a beam for each channel.
    expect(path.endsWith('.mom0.fits') ? [object, null] : [object]).toContain(inspection.image?.object);
    expect(inspection.image).toMatchObject({
      sky: { frame: 'FK5', projection: 'SIN' },
      spectral: { frame: 'LSRK' },
      stokes: ['I'],
      software: { casa: '6.7.5-18' },
    });
  });

  it.each(figures)('$ous $file has the beam that CASA reports', async ({ ous, file, stated }) => {
    const beam = (await inspectFits(member(ous, file).open())).image?.beam;
    expect((beam?.majorArcsec ?? 0) / stated.beam.major).toBeCloseTo(1, 7);
    expect((beam?.minorArcsec ?? 0) / stated.beam.minor).toBeCloseTo(1, 7);
    expect(beam?.paDeg).toBeCloseTo(stated.beam.pa, 7);
    expect(beam?.count).toBe(stated.beam.beams);
  });
});

describe('the noise of the examples', () => {
  const claims = figures.filter(({ kind }) => kind !== 'mom0');

  it.each(claims)('$ous $file has the stated noise', async ({ ous, file, stated }) => {
    const { noise, unit } = await noiseOf(ous, file);
    expect(Math.abs(noise.sigma / stated.rms - 1)).toBeLessThan(0.2);
    expect(Math.abs(noise.sigma / stated.sigma_mad - 1)).toBeLessThan(0.15);
    expect(compareRms(stated.rms, noise, unit)?.agrees).toBe(true);
    expect(compareRms(3 * stated.rms, noise, unit)?.agrees).toBe(false);
  });

  it.each(figures.filter(({ kind }) => kind === 'mom0'))(
    '$ous $file, which is full of emission, has more noise and is not compared',
    async ({ ous, file, stated }) => {
      const { noise, unit } = await noiseOf(ous, file);
      expect(noise.sigma / stated.rms).toBeGreaterThan(1);
      expect(noise.sigma / stated.rms).toBeLessThan(1.3);
      expect(compareRms(stated.rms, noise, unit)).toBeNull();
    },
  );

  it.each(figures.filter(({ file }) => file.endsWith('.pbcor.fits')))(
    '$ous $file matches its primary beam',
    async ({ ous, file }) => {
      const beam = await sampled(ous, file.replace('.pbcor.fits', '.flux.fits'));
      const verification = verifyPrimaryBeam(await sampled(ous, file), beam);
      expect(verification).toMatchObject({
        sameShape: true,
        sameSky: true,
        onlyInImage: 0,
        onlyInBeam: 0,
        beamMaximum: 1,
      });
      expect(verification.beamMinimum).toBeGreaterThan(0.2);
    },
  );
});
