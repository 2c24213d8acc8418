import fc from 'fast-check';
import { DeliveryError } from './delivery.error';
import { DeliveryInspection } from './inspection';
import { deliveryReportSchema } from './report/report';
import { edit } from './testing/changes';
import { countTurns } from './testing/count-turns';
import { inspect, sampleDelivery, type SamplePart } from './testing/sample-delivery';

const MODES = ['analyst', 'pipeline', 'combination'] as const;

const withoutContents = (parts: SamplePart[]): SamplePart[] =>
  parts.map((part) => ({ ...part, entries: part.entries.map((entry) => ({ ...entry, content: undefined })) }));

describe('DeliveryInspection', () => {
  it.each(MODES)('accepts the %s delivery of the sample without findings', async (mode) => {
    const report = await inspect(sampleDelivery(mode));
    expect(report).toMatchObject({ verdict: 'pass', mode, findings: [], omitted: [] });
    expect(report.profile.name).toBe('cycle-2');
    expect(deliveryReportSchema.parse(report)).toEqual(report);
  });

  it.each(MODES)('accepts the %s delivery without a posted result, by its names only', async (mode) => {
    const report = await inspect({ ...sampleDelivery(mode), posted: null });
    expect(report).toMatchObject({ verdict: 'pass', mode, findings: [] });
  });

  it.each(MODES)('classifies every file of the %s delivery with the item and role of the manifest', (mode) => {
    const { posted, parts, rawParts } = sampleDelivery(mode);
    const inspection = new DeliveryInspection({ posted });
    for (const { name, entries } of [...parts, ...rawParts]) {
      const part = inspection.openPart(name);
      for (const entry of entries) {
        const { file } = part.entry(entry);
        expect([entry.path, file?.item ?? null, file?.role ?? null]).toEqual([entry.path, entry.item, entry.role]);
      }
    }
  });

  it('accepts raw parts together with the products and counts them as item 7', async () => {
    const sample = sampleDelivery('analyst');
    const report = await inspect({ ...sample, parts: [...sample.parts, ...sample.rawParts] });
    expect(report.findings).toEqual([]);
    const raw = sample.rawParts.flatMap(({ entries }) => entries).filter(({ type }) => type === 'file');
    expect(report.items.at(-1)).toMatchObject({ item: 7, files: raw.length });
  });

  it('counts the files and bytes of each item', async () => {
    const sample = sampleDelivery('pipeline');
    const { items, files, bytes } = await inspect(sample);
    const entries = sample.parts.flatMap((part) => part.entries).filter(({ type }) => type === 'file');
    expect(items.reduce((sum, item) => sum + item.files, 0)).toBe(files);
    expect(items.reduce((sum, item) => sum + item.bytes, 0)).toBe(bytes);
    expect(files).toBe(entries.length);
    expect(bytes).toBe(entries.reduce((sum, { size }) => sum + size, 0));
  });

  it('reads an unpacked tree, to which the rules about parts do not apply', async () => {
    const { posted, parts } = sampleDelivery('analyst');
    const inspection = new DeliveryInspection({ posted });
    const tree = inspection.openTree();
    for (const entry of new Map(parts.flatMap((part) => part.entries).map((each) => [each.path, each])).values()) {
      tree.entry(entry);
    }
    tree.close();
    expect(await inspection.finish()).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('makes the same report when parts are read concurrently', async () => {
    const { posted, parts } = sampleDelivery('analyst');
    for (const { entries } of parts)
      entries.push({ path: '/etc/passwd', type: 'file', size: 1, item: null, role: null });
    const oneByOne = await inspect({ ...sampleDelivery('analyst'), posted, parts: withoutContents(parts) });
    const inspection = new DeliveryInspection({ posted });
    const opened = parts.map(({ name, entries }) => ({ part: inspection.openPart(name), entries: [...entries] }));
    while (opened.some(({ entries }) => entries.length > 0)) {
      for (const { part, entries } of opened) {
        const entry = entries.shift();
        if (entry) part.entry(entry);
      }
    }
    for (const { part } of opened) part.close();
    expect(await inspection.finish()).toEqual(oneByOne);
    expect(oneByOne.verdict).toBe('rejected');
  });

  it('makes a bounded report for any entries', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '/',
        '2013.1.09999.S',
        'member_ouss_id',
        'README',
        'product',
        'script',
        'a.pbcor.fits',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const entry = fc.record({
      path: fc.array(segment, { maxLength: 8 }).map((all) => all.join('/')),
      type: fc.constantFrom('file', 'directory', 'symlink', 'fifo', 'other' as const),
      size: fc.nat(),
      pathFlaw: fc.constantFrom(null, 'not-utf-8', 'nul' as const),
    });
    const name = fc.oneof(fc.string(), fc.constantFrom('2013.1.09999.S_uid___A001_X1_Xa3_1_of_2.tar'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, fc.array(entry, { maxLength: 60 })), { maxLength: 4 }),
        async (parts) => {
          const inspection = new DeliveryInspection({ posted: null });
          for (const [partName, entries] of parts) {
            const part = inspection.openPart(partName);
            for (const each of entries) part.entry(each).content?.end();
            part.close();
          }
          const report = await inspection.finish();
          expect(deliveryReportSchema.parse(report)).toEqual(report);
          expect(report.verdict).toBe('rejected');
          for (const { file, message, expected, found } of report.findings) {
            expect(`${file}${message}${expected}${found}`).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);

  it('accepts the placeholders of the document instead of uids', async () => {
    const sample = sampleDelivery('analyst');
    for (const entry of sample.parts.flatMap(({ entries }) => entries)) {
      entry.path = entry.path
        .replace(/science_goal\.uid[^/]*/, 'sg_ouss_id')
        .replace(/group\.uid[^/]*/, 'group_ouss_id')
        .replace(/member\.uid[^/]*/, 'member_ouss_id');
    }
    expect(await inspect(sample)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('accepts zero-padded part numbers and paths with a leading `./`', async () => {
    const sample = sampleDelivery('analyst');
    for (const part of sample.parts) {
      part.name = part.name.replace(/_(\d)_of_(\d)\./, '_00$1_of_00$2.');
      for (const entry of part.entries) entry.path = `./${entry.path}`;
    }
    expect(await inspect(sample)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('lists at most 50 findings of a rule and counts the rest', async () => {
    const sample = sampleDelivery('combination');
    const links = Array.from({ length: 72 }, (_, index) => ({ path: `${sample.tree}/log/${index}.log`, index }));
    sample.parts[0]?.entries.push(
      ...links.map(({ path }) => ({ path, type: 'symlink' as const, size: 0, item: null, role: null })),
    );
    const report = await inspect(sample);
    expect(report.findings).toHaveLength(50);
    expect(report.omitted).toEqual([{ code: 'archive.link', count: 22 }]);
    expect(report.counts).toEqual({ reject: 72, warn: 0, note: 0 });
  });

  it('keeps the report small enough for a message, whatever the delivery contains', async () => {
    const sample = sampleDelivery('pipeline');
    const entries = sample.parts[0]?.entries ?? [];
    const long = 'x'.repeat(400);
    const block = (index: number): string => `uid___A002_X1_Xf${index.toString(16)}`;
    const file = (path: string, type: 'file' | 'symlink' | 'fifo' = 'file', content?: string): void => {
      const bytes = Buffer.from(content ?? '');
      entries.push({ path, type, size: bytes.length, item: null, role: null, content: () => bytes });
    };
    for (let index = 0; index < 60; index++) {
      const tree = `${sample.tree}/${long}${index}`;
      file(`/${tree}`);
      file(`${tree}/../a`);
      file(`${tree}/a`, 'symlink');
      file(`${tree}/b`, 'fifo');
      file(`${tree}/c\u0007`);
      for (const name of [`${long}${index}.pbcor.fits`, `${long}${index}.flux.fits`])
        file(`${sample.tree}/product/${name}`);
      file(`${sample.tree}/calibration/${block(index)}.ms.flagversions.tgz`, 'file', 'none');
      file(`${sample.tree}/script/${block(index)}.ms.scriptForCalibration.py`);
    }
    const sessions = Array.from({ length: 300 }, (_, n) => {
      const uids = Array.from({ length: 100 }, (_each, m) => `uid://A002/X${n}/X${m}`).join(' ');
      return `<Intents><Keyword>SESSION_${n + 1}</Keyword><Value>${uids}</Value></Intents>`;
    });
    await edit('script/PPR_uid___A001_X1_Xa4.xml', (text) =>
      text.replace('</ProcessingIntents>', `${sessions.join('')}</ProcessingIntents>`),
    )(sample);
    const report = await inspect(sample);
    expect(report.findings).toHaveLength(250);
    const { reject, warn, note } = report.counts;
    expect(report.omitted.reduce((sum, { count }) => sum + count, 250)).toBe(reject + warn + note);
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(900_000);
  });

  it('escapes and cuts hostile text', async () => {
    const sample = sampleDelivery('combination');
    const path = `${sample.tree}/log/\u001b[31m${'x'.repeat(1000)}.log`;
    sample.parts[0]?.entries.push({ path, type: 'file', size: 1, item: null, role: null });
    const { findings } = await inspect(sample);
    expect(findings.map(({ code }) => code)).toEqual(['archive.control-character', 'archive.long-path']);
    for (const { file } of findings) {
      expect(file).toContain('\\x1b[31mxxx');
      expect(file?.length).toBeLessThan(400);
    }
  });

  it('rejects calls out of order', async () => {
    const inspection = new DeliveryInspection({ posted: null });
    const part = inspection.openPart('a.tar');
    await expect(inspection.finish()).rejects.toMatchObject({ code: 'delivery.part-open', retryable: false });
    part.close();
    expect(() => part.close()).toThrow(DeliveryError);
    expect(() => part.entry({ path: 'a', type: 'file', size: 0 })).toThrow('the part is closed');
    await inspection.finish();
    expect(() => inspection.openPart('b.tar')).toThrow('the report has already been made');
  });

  it('accepts 100,000 entries without findings', async () => {
    const { posted, tree } = sampleDelivery('combination');
    const inspection = new DeliveryInspection({ posted });
    const part = inspection.openPart('2013.1.09999.S_uid___A001_X1_Xa2_1_of_1.tar');
    part.entry({ path: `${tree}/README`, type: 'file', size: 1 });
    part.entry({ path: `${tree}/script/scriptForImaging.py`, type: 'file', size: 1 });
    part.entry({ path: `${tree}/qa/${'uid___A001_X1_Xa2'}__qa2_part1.png`, type: 'file', size: 1 });
    part.entry({ path: `${tree}/log/imaging.log`, type: 'file', size: 1 });
    for (let index = 0; index < 50_000; index++) {
      const line = index % 2 === 0 ? 'CO_21' : 'cont';
      part.entry({ path: `${tree}/product/S_${index}.${line}.pbcor.fits`, type: 'file', size: 1 });
      part.entry({ path: `${tree}/product/S_${index}.${line}.flux.fits`, type: 'file', size: 1 });
    }
    part.close();
    const turns = countTurns();
    expect(await inspection.finish()).toMatchObject({ verdict: 'pass', files: 100_004, findings: [] });
    // Other work of the process had a turn between any two rules.
    expect(turns()).toBeGreaterThan(50);
  }, 60_000);

  it('prefers the identity in the name of the tar to that in the tree when nothing was posted', async () => {
    const sample = { ...sampleDelivery('combination'), posted: null };
    for (const part of sample.parts) part.name = part.name.replace('Xa2', 'Xa9');
    const { verdict, findings } = await inspect(sample);
    expect(verdict).toBe('rejected');
    expect(findings).toMatchObject([{ code: 'tree.group', expected: 'group.uid___A001_X1_Xa9' }]);
  });
});
