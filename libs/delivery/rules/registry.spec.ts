import { SEVERITIES, type Severity } from '../profile/profile';
import { BREAKS_OF_CONTENT } from '../testing/breaks-of-content';
import { BREAKS_OF_STRUCTURE } from '../testing/breaks-of-structure';
import { add, type Change, postBlock, remove } from '../testing/changes';
import { inspect, sampleDelivery, type SampleDelivery } from '../testing/sample-delivery';
import { rules } from './registry';

const BREAKS = [...BREAKS_OF_STRUCTURE, ...BREAKS_OF_CONTENT];
/** Violated through a limit, not a file. */
const BY_LIMIT = 'archive.too-many-entries';
/** About measured images: tested in `qa2-claim.spec.ts`. */
const BY_MEASUREMENT = ['qa2.noise', 'qa2.masks', 'qa2.primary-beam-range'];

describe('the rules', () => {
  it.each(BREAKS)('%s: reports one change to the %s delivery and nothing else', async (code, mode, change) => {
    const sample = sampleDelivery(mode);
    await change(sample);
    const { findings, verdict } = await inspect(sample);
    // Without its image, the noise that the README states matches no image.
    const own = findings.filter((finding) => finding.code !== 'qa2.noise' || !code.startsWith('product.'));
    expect(own.map((finding) => finding.code)).toEqual([code]);
    const severity = own[0]?.severity ?? 'note';
    const usual = rules.find((rule) => rule.code === code)?.severity ?? 'note';
    expect(SEVERITIES.indexOf(severity)).toBeGreaterThanOrEqual(SEVERITIES.indexOf(usual));
    expect(verdict).toBe(severity === 'reject' ? 'rejected' : 'pass');
  });

  it('each have a change that breaks them', () => {
    const broken = new Set([...BREAKS.map(([code]) => code), BY_LIMIT, ...BY_MEASUREMENT]);
    expect(rules.map(({ code }) => code).filter((code) => !broken.has(code))).toEqual([]);
  });

  it('about measured images never reject: the README may state another kind of measurement', () => {
    expect(rules.filter(({ code, severity }) => code.startsWith('qa2.') && severity === 'reject')).toEqual([]);
  });

  it('that hide files come before those that need all files', () => {
    const lastHidingFiles = Math.max(...rules.map(({ hidesFiles }, index) => (hidesFiles ? index : -1)));
    expect(rules.findIndex(({ needsAllFiles }) => needsAllFiles)).toBeGreaterThan(lastHidingFiles);
  });

  it('have unique codes and all texts', () => {
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
    for (const { code, section, statement, reason, example, remedy } of rules) {
      expect(code).toMatch(/^[a-z0-9]+(?:\.[a-z0-9-]+)+$/);
      expect(section).toMatch(/^§[1-6](?:\.\d)?$/);
      for (const text of [statement, reason, example, remedy]) expect(text).toMatch(/^\S.*\.$/s);
    }
  });

  it(`${BY_LIMIT} reports more entries than the limit`, async () => {
    const sample = sampleDelivery('combination');
    await add('log/more.log')(sample);
    const entries = sample.parts[0]?.entries.length ?? 0;
    const { findings } = await inspect(sample, { limits: { entries: entries - 1 } });
    expect(findings.map(({ code }) => code)).toEqual([BY_LIMIT]);
  });

  it('archive.too-large reports files that are too large in total', async () => {
    const { findings } = await inspect(sampleDelivery('combination'), { limits: { deliveryBytes: 1000 } });
    expect(findings).toMatchObject([{ code: 'archive.too-large', file: null, expected: 'at most 1000 bytes' }]);
  });

  it('report a block without files in each rule about blocks', async () => {
    const codes = async (mode: SampleDelivery['mode']): Promise<string[]> => {
      const sample = sampleDelivery(mode);
      await postBlock(sample);
      return (await inspect(sample)).findings.map(({ code }) => code);
    };
    const analyst = ['script.calibration', 'calibration.tables', 'qa.pages', 'qa.text', 'calibration.plots'];
    const pipeline = ['ppr.blocks', 'calibration.calapply', 'calibration.flag-versions', 'calibration.flag-template'];
    expect(await codes('analyst')).toEqual(analyst);
    expect(await codes('pipeline')).toEqual(pipeline);
  });

  it('only warn when one of the three QA2 pages of a block is missing, and reject when all are', async () => {
    const severity = async (change: Change): Promise<Severity | undefined> => {
      const sample = sampleDelivery('analyst');
      await change(sample);
      return (await inspect(sample)).findings[0]?.severity;
    };
    expect(await severity(remove('qa/uid___A002_X1_Xb2__qa2_part3.png'))).toBe('warn');
    expect(await severity(remove(/Xb2__qa2_part/))).toBe('reject');
  });
});
