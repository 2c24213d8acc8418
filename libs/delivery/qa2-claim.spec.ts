import { Readable } from 'node:stream';
import { type PrimaryBeamVerification, verifyPrimaryBeam } from '@almagest/fits';
import { DeliveryInspection } from './inspection';
import type { DeliveryReport } from './report/report';
import { type Change, edit } from './testing/changes';
import { feed, sampleDelivery, type SampleDelivery, sampleFacts } from './testing/sample-delivery';

/** Inspects the delivery, measures its images a second time, and lets the measurements be changed. */
async function inspectAndMeasure(
  sample: SampleDelivery,
  change: (verification: PrimaryBeamVerification) => PrimaryBeamVerification = (verification) => verification,
): Promise<{ report: DeliveryReport; verifications: PrimaryBeamVerification[] }> {
  const inspection = new DeliveryInspection({ posted: sample.posted });
  await feed(inspection, sample);
  const contents = new Map(sample.parts.flatMap(({ entries }) => entries).map((entry) => [entry.path, entry.content]));
  const source = (path: string): { open: () => Readable } => ({
    open: () => Readable.from([contents.get(path)?.() ?? Buffer.alloc(0)]),
  });
  const verifications: PrimaryBeamVerification[] = [];
  for (const pair of await inspection.imagePairs()) {
    const verification = change(await verifyPrimaryBeam(source(pair.image), source(pair.primaryBeam)));
    inspection.measured(pair, verification);
    verifications.push(verification);
  }
  return { report: await inspection.finish(), verifications };
}

describe('the rules about the QA2 claim', () => {
  it.each(['analyst', 'pipeline', 'combination'] as const)('find the %s README of the sample right', async (mode) => {
    const { report, verifications } = await inspectAndMeasure(sampleDelivery(mode));
    expect(report.findings).toEqual([]);
    const { cont, line } = sampleFacts(mode);
    const sigmas = verifications.map(({ noise }) => noise[0]?.sigma ?? NaN).sort((a, b) => a - b);
    expect(sigmas).toHaveLength(2);
    for (const [index, { rms }] of [cont, line].entries())
      expect(Math.abs((sigmas[index] ?? NaN) / rms - 1)).toBeLessThan(0.25);
  });

  const noise = (from: string, to: string): Change => edit('README', (text) => text.replace(from, to));
  it.each<[string, Change, (verification: PrimaryBeamVerification) => PrimaryBeamVerification]>([
    ['qa2.noise', noise('0.21 mJy/beam', '0.05 mJy/beam'), (verification) => verification],
    ['qa2.masks', () => undefined, (verification) => ({ ...verification, onlyInImage: 12 })],
    ['qa2.primary-beam-range', () => undefined, (verification) => ({ ...verification, beamMaximum: 12 })],
    ['qa2.primary-beam-range', () => undefined, (verification) => ({ ...verification, beamNotPositive: 1 })],
  ])('%s is broken by one change, and nothing else is', async (code, change, remeasure) => {
    const sample = sampleDelivery('analyst');
    await change(sample);
    const { report } = await inspectAndMeasure(sample, remeasure);
    expect(new Set(report.findings.map((finding) => finding.code))).toEqual(new Set([code]));
    expect(report.verdict).toBe('pass');
  });
});
