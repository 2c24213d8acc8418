import { FitsInspector } from '@almagest/fits';
import { alter, type Change, edit, remove } from './testing/changes';
import { inspect, sampleDelivery, type SampleEntry, sampleFacts } from './testing/sample-delivery';

/** Changes the pixels of a float image: `change` maps the value and index of each. */
const pixels = (name: string, change: (value: number, index: number) => number): Change =>
  alter(name, ({ content }: SampleEntry) => {
    const bytes = Buffer.from(content?.() ?? Buffer.alloc(0));
    const inspector = new FitsInspector();
    inspector.write(bytes);
    const [image] = inspector.end().contents;
    if (image?.bitpix !== -32) throw new Error(`${name} is no image of single precision`);
    const count = image.axes.reduce((product, length) => product * length, 1);
    for (let index = 0; index < count; index++) {
      const at = image.dataOffset + 4 * index;
      bytes.writeFloatBE(change(bytes.readFloatBE(at), index), at);
    }
    return { content: () => bytes };
  });

describe('the rules about the QA2 claim', () => {
  it.each(['analyst', 'pipeline', 'combination'] as const)('accept the %s README of the sample', async (mode) => {
    const { findings, facts } = await inspect(sampleDelivery(mode));
    expect(findings).toEqual([]);
    const { cont, line } = sampleFacts(mode);
    const measured = new Map(
      facts.measurements.map(({ file, result }) => [file.slice(file.indexOf('product/')), result]),
    );
    expect(measured.size).toBe(2);
    for (const { file, rms, beam } of [cont, line]) {
      const result = measured.get(file);
      expect(result?.agreement).toMatchObject({ sameShape: true, sameSky: true, onlyInImage: 0, onlyInBeam: 0 });
      expect(Math.abs((result?.noise[0]?.sigma ?? NaN) / rms - 1)).toBeLessThan(0.25);
      expect(result?.beam?.majorArcsec).toBeCloseTo(beam.major, 6);
      expect(result?.beam?.minorArcsec).toBeCloseTo(beam.minor, 6);
      expect(result?.beam?.positionAngleDeg).toBeCloseTo(beam.pa, 4);
    }
    expect(facts.claims.map(({ nearest }) => nearest)).toEqual(
      [cont, line].map(({ file }) => ({
        file: expect.stringMatching(new RegExp(`/${file}$`)) as string,
        beamAgrees: true,
        noiseAgrees: true,
      })),
    );
  });

  const CONTINUUM = 'product/NGC9999.cont.pbcor.fits';
  const BEAM = 'product/NGC9999.cont.flux.fits';
  it.each<[string, Change]>([
    ['qa2.noise', edit('README', (text) => text.replace('0.21 mJy/beam', '0.05 mJy/beam'))],
    ['qa2.masks', pixels(CONTINUUM, (value, index) => (index % 100 === 0 ? NaN : value))],
    ['qa2.masks', pixels(BEAM, (value, index) => (index % 100 === 0 ? NaN : value))],
    ['qa2.primary-beam-range', pixels(BEAM, (value, index) => (index === 8000 ? 12 : value))],
    ['qa2.primary-beam-range', pixels(BEAM, (value, index) => (value === value && index < 8000 ? -value : value))],
  ])('%s: reports one change and nothing else', async (code, change) => {
    const sample = sampleDelivery('analyst');
    await change(sample);
    const { findings, verdict, facts } = await inspect(sample);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(verdict).toBe('pass');
    expect(facts.measurements.every(({ problem }) => problem === null)).toBe(true);
  });

  it('measure an uncorrected image that has no corrected version', async () => {
    const sample = sampleDelivery('analyst');
    await remove(/^product\/.*cont\.(?:pbcor|flux)\.fits$/)(sample);
    await edit('README', (text) => text.replace('0.21 mJy/beam', '3.1 mJy/beam'))(sample);
    const { findings, facts } = await inspect(sample);
    expect(findings).toEqual([]);
    const dirty = facts.measurements.find(({ file }) => file.endsWith('/NGC9999.cont.dirty.fits'));
    expect(dirty).toMatchObject({ primaryBeam: null, problem: null, result: { agreement: null } });
    expect(facts.claims.map(({ nearest }) => nearest?.noiseAgrees)).toEqual([true, true]);
  });

  it('report nothing for a README that states nothing', async () => {
    const sample = sampleDelivery('pipeline');
    await edit('README', () => 'ALMA Member ObsUnitSet README\n')(sample);
    const { findings, facts } = await inspect(sample);
    expect(findings).toEqual([]);
    expect(facts.claims).toEqual([]);
    expect(facts.measurements).toHaveLength(2);
  });

  it('give the same results when images and primary beams are in different parts', async () => {
    const whole = await inspect(sampleDelivery('analyst'));
    const sample = sampleDelivery('analyst');
    const isBeam = ({ path }: SampleEntry): boolean => path.endsWith('.flux.fits');
    const beams = sample.parts.flatMap(({ entries }) => entries.filter(isBeam));
    for (const part of sample.parts) part.entries = part.entries.filter((entry) => !isBeam(entry));
    sample.parts.at(-1)?.entries.push(...beams);
    expect(beams).toHaveLength(2);
    expect((await inspect(sample)).facts.measurements).toEqual(whole.facts.measurements);
  });

  it('report why an image cannot be measured', async () => {
    const sample = sampleDelivery('analyst');
    const isImage = ({ path }: SampleEntry): boolean => path.endsWith('NGC9999.cont.pbcor.fits');
    const part = sample.parts.find(({ entries }) => entries.some(isImage));
    const image = part?.entries.find(isImage);
    if (part === undefined || image === undefined) throw new Error('the sample has no continuum image');
    const others = Array.from({ length: 128 }, (_, i) => ({ ...image, path: image.path.replace('NGC', `NGC${i}-`) }));
    part.entries = [image, ...others, ...part.entries.filter((entry) => entry !== image)];
    const { facts } = await inspect(sample);
    const problems = facts.measurements.filter(({ problem }) => problem !== null);
    expect(problems).toMatchObject([
      { file: image.path, result: null, problem: expect.stringMatching('too many images') as string },
    ]);
  });
});
