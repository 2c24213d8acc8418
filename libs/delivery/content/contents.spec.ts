import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { DeliveryInspection } from '../inspection';
import { DEFAULT_LIMITS } from '../inventory/limits';
import { alter } from '../testing/changes';
import { inspect, sampleContent, sampleDelivery } from '../testing/sample-delivery';
import { tarOf, tgz, type TgzEntry } from '../testing/tgz';
import { ArchiveParser } from './archive-parser';
import { DirectContentReader } from './content-reader';
import { ExpansionBudget, type ExpansionLimits } from './expansion-budget';
import type { FileContent } from './file-content';
import { FitsParser } from './file-parsers';
import { GunzipContentReader } from './gunzip-content';

const TREE = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa4';
const WEBLOG = 'qa/uid___A001_X1_Xa4.weblog.tar.gz';

async function list(bytes: Buffer, limits: Partial<ExpansionLimits> = {}, chunk = 1000): Promise<FileContent> {
  const budget = new ExpansionBudget({ ...DEFAULT_LIMITS, ...limits });
  const reader = new GunzipContentReader(new ArchiveParser(budget), budget);
  for (let at = 0; at < bytes.length; at += chunk) {
    reader.data(bytes.subarray(at, at + chunk));
    await reader.backlog();
  }
  return reader.end();
}

describe('archives inside a delivery', () => {
  it('are listed: tables, flag versions, the start page of a weblog', async () => {
    const tables = sampleContent(sampleDelivery('analyst'), 'calibration/uid___A002_X1_Xb1.calibration.tgz');
    const content = await list(tables);
    expect(content).toMatchObject({ state: 'read', facts: { unsafe: [], facts: { flagVersions: true, files: 261 } } });
    expect(content.state === 'read' && content.kind === 'archive' && content.facts.facts.tables).toEqual(
      ['ampli_inf', 'antpos', 'ap_pre_bandpass', 'bandpass', 'flux_inf', 'fluxeq', 'phase_inf', 'phase_int'].map(
        (name) => `uid___A002_X1_Xb1.ms.${name}`,
      ),
    );
    const weblog = await list(sampleContent(sampleDelivery('pipeline'), WEBLOG));
    expect(weblog).toMatchObject({ facts: { facts: { weblogIndex: 'pipeline-20141205T153255/html/index.html' } } });
  });

  it.each([
    ['an absolute path', { name: '/etc/passwd' }, true],
    ['a path to the outside', { name: 'a/../../b' }, true],
    ['a device', { name: 'a', type: 'character-device' }, true],
    ['a link to the outside', { name: 'a/b', type: 'symlink', linkname: '../../c' }, true],
    ['a link to an absolute path', { name: 'a/b', type: 'symlink', linkname: '/etc/passwd' }, true],
    ['a set-user-id program', { name: 'a', mode: 0o4755 }, true],
    ['a directory of a common group', { name: 'a', type: 'directory', mode: 0o2775 }, false],
    ['a link that stays inside', { name: 'a/b', type: 'symlink', linkname: '../c' }, false],
  ] as const)('are checked for %s', async (_, entry, unsafe) => {
    const content = await list(await tgz([entry]));
    expect(content.state === 'read' && content.kind === 'archive' && content.facts.unsafe.length > 0).toBe(unsafe);
  });

  const link = (name: string, linkname: string): TgzEntry => ({ name, linkname, type: 'symlink' });
  it.each<[string, TgzEntry[], (string | undefined)[]]>([
    ['a link outside by way of another', [link('a/up', '..'), link('a/out', 'up/../b')], ['reject']],
    ['the same in the other order', [link('a/out', 'up/../b'), link('a/up', '..')], ['reject']],
    ['a file below a link', [link('a', 'b'), { name: 'a/c' }], ['reject']],
    ['a link to a link', [{ name: 'x.1' }, link('x', 'x.1'), link('y', 'x')], ['warn']],
    ['links beside each other', [{ name: 'x.1' }, link('x', 'x.1'), link('a/y', '../x.1')], []],
  ])('are checked for chains: %s', async (_, entries, expected) => {
    const content = await list(await tgz(entries));
    if (content.state !== 'read' || content.kind !== 'archive') throw new Error('the archive was not read');
    expect(content.facts.unsafe.map(({ severity }) => severity ?? 'reject')).toEqual(expected);
  });

  it.each([
    ['text', Buffer.from('<html>'), 'gzip data'],
    ['nothing', Buffer.alloc(0), ''],
    ['a gzip file without a tar', gzipSync(Buffer.alloc(3000, 'a')), ''],
    ['a truncated gzip file', gzipSync(randomBytes(5000)).subarray(0, 2000), ''],
  ])('are unreadable when they are %s', async (_, bytes, expected) => {
    const content = await list(bytes);
    expect(content.state).toBe('unreadable');
    if (content.state === 'unreadable') expect(content.problem.expected).toContain(expected);
  });

  it('are unreadable when their tar is truncated', async () => {
    const tar = await tarOf([{ name: 'a', content: 'b'.repeat(5000) }]);
    expect((await list(gzipSync(tar.subarray(0, 3000)))).state).toBe('unreadable');
  });

  it('are not read beyond the limits of bytes and entries', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 24));
    expect((await list(bomb, { expandedBytes: 2 ** 20 })).state).toBe('beyond-limits');
    const many = await tgz(Array.from({ length: 100 }, (_, index) => ({ name: `${index}` })));
    expect((await list(many, { expandedEntries: 99 })).state).toBe('beyond-limits');
  });

  it('are not read when they expand out of proportion, or for longer than their size justifies', async () => {
    const zeros = gzipSync(await tarOf([{ name: 'a', content: '\0'.repeat(2 ** 24) }]));
    expect((await list(zeros)).state).toBe('read');
    expect((await list(zeros, { expansionBase: 2 ** 20 })).state).toBe('beyond-limits');
    expect((await list(zeros, { expansionBase: 2 ** 20, expansionRatio: 2000 })).state).toBe('read');
    const late = await list(zeros, { expansionSeconds: -1 });
    expect(late).toMatchObject({
      state: 'beyond-limits',
      problem: { found: expect.stringContaining('longer') as string },
    });
  });

  it('share one budget: a small archive is not read after a bomb', async () => {
    const budget = new ExpansionBudget({ ...DEFAULT_LIMITS, expansionBase: 2 ** 20 });
    const read = async (bytes: Buffer): Promise<string> => {
      const reader = new GunzipContentReader(new ArchiveParser(budget), budget);
      reader.data(bytes);
      return (await reader.end()).state;
    };
    expect(await read(gzipSync(await tarOf([{ name: 'a', content: '\0'.repeat(2 ** 24) }])))).toBe('beyond-limits');
    expect(await read(gzipSync(await tarOf([{ name: 'a', content: 'b' }])))).toBe('beyond-limits');
  });

  it('apply back-pressure while much of them is queued, and are read to the end', async () => {
    const tar = await tarOf([{ name: 'noise', content: randomBytes(4 * 2 ** 20).toString('latin1') }]);
    const bytes = gzipSync(tar);
    const budget = new ExpansionBudget(DEFAULT_LIMITS);
    const reader = new GunzipContentReader(new ArchiveParser(budget), budget);
    for (let at = 0; at < bytes.length; at += 2 ** 16) reader.data(bytes.subarray(at, at + 2 ** 16));
    expect(reader.backlog()).toBeInstanceOf(Promise);
    expect((await reader.end()).state).toBe('read');
    expect(reader.backlog()).toBeNull();
  });

  it('do not block the inspection when their part ends before they do', async () => {
    const { posted } = sampleDelivery('pipeline');
    const inspection = new DeliveryInspection({ posted });
    const part = inspection.openPart('2013.1.09999.S_uid___A001_X1_Xa4_1_of_1.tar');
    const { content } = part.entry({ path: `${TREE}/${WEBLOG}`, type: 'file', size: 1000 });
    content?.data(gzipSync(Buffer.alloc(1000)).subarray(0, 20));
    part.close({ code: 'tar.truncated-data', offset: 600, expected: '1000 bytes', found: '20' });
    const { findings } = await inspection.finish();
    expect(findings[0]).toMatchObject({ code: 'archive.truncated', expected: '1000 bytes' });
    expect(findings.map(({ code }) => code)).not.toContain('content.archive');
  });
});

describe('contents within the limits of a delivery', () => {
  it('are inspected for a limited number of files, and the others are reported', async () => {
    const { findings, facts } = await inspect(sampleDelivery('analyst'), { limits: { contentFiles: 3 } });
    expect(facts.readme).not.toBeNull();
    expect(new Set(findings.map(({ code, severity }) => `${severity} ${code}`))).toEqual(
      new Set(['note content.not-looked-into']),
    );
  });

  it('keep facts up to a limited number of characters', async () => {
    const { findings, facts } = await inspect(sampleDelivery('analyst'), { limits: { contentCharacters: 100 } });
    expect(facts).toMatchObject({ readme: null, images: [] });
    expect(findings.every(({ code }) => code === 'content.not-looked-into')).toBe(true);
  });

  it('expand up to a limited number of bytes', async () => {
    const { findings } = await inspect(sampleDelivery('pipeline'), { limits: { expandedBytes: 10_000 } });
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['content.not-looked-into']));
  });
});

describe('facts of the report', () => {
  it('state what the files of the pipeline delivery contain', async () => {
    const sample = sampleDelivery('pipeline');
    if (sample.posted) {
      const [block] = sample.posted.executionBlocks;
      sample.posted = { ...sample.posted, executionBlocks: block ? [{ ...block, asdmBytes: 1_000_000 }] : [] };
    }
    const { facts, bytes } = await inspect(sample);
    expect(facts.readme).toMatchObject({ projectCode: '2013.1.09999.S', qa2Result: 'PASS' });
    expect(facts.ppr).toMatchObject({ memberOus: 'uid://A001/X1/Xa4', executionBlocks: ['uid://A002/X1/Xb3'] });
    expect(facts.executionBlocks).toEqual(['uid://A002/X1/Xb3']);
    expect(facts.calibratorFluxes).toHaveLength(4);
    expect(facts.archives.map(({ tables, flagVersions }) => [tables, flagVersions])).toEqual([
      [7, false],
      [0, true],
      [0, false],
    ]);
    expect(facts.images).toHaveLength(10);
    expect(facts.images.find(({ file }) => file.endsWith('CO_21.pbcor.fits'))).toMatchObject({
      unit: 'Jy/beam',
      shape: [72, 72, 22, 1],
      centre: { frame: 'FK5' },
      frequencyHz: { channels: 22, frame: 'LSRK' },
      beam: { majorArcsec: expect.closeTo(7.295, 2) as number },
    });
    expect(facts.disk?.levels[0]).toEqual({ spaceSaving: 0, bytes: 11 * (bytes + 1_000_000) });
  });

  it('state the checks in QA2 text files, and the disk space when raw parts are included', async () => {
    const sample = sampleDelivery('analyst');
    expect((await inspect(sample)).facts.disk).toBeNull();
    const { facts, bytes } = await inspect({ ...sample, parts: [...sample.parts, ...sample.rawParts] });
    expect(facts.qa2Checks.map(({ executionBlock }) => executionBlock)).toEqual([
      'uid://A002/X1/Xb1',
      'uid://A002/X1/Xb2',
    ]);
    expect(facts.disk).toMatchObject({ basis: 'products and raw data', basisBytes: bytes });
    expect(facts.disk?.levels.map((level) => level.bytes / bytes)).toEqual([14, 10, 6, 6]);
  });

  it('are safe to print, whatever a file contains', async () => {
    const sample = sampleDelivery('analyst');
    await alter('README', { content: () => Buffer.from('Project code: x\nProject title: \u001b[2Jgone\n') })(sample);
    expect((await inspect(sample)).facts.readme?.projectTitle).toBe('\\x1b[2Jgone');
  });
});

describe('mutated contents', () => {
  const archive = sampleContent(sampleDelivery('pipeline'), 'calibration/uid___A002_X1_Xb3.ms.flagversions.tar.gz');
  const image = sampleContent(sampleDelivery('pipeline'), 'product/uid___A001_X1_Xa4.J0956_3135_ph.spw0.fits');
  const mutation = (length: number): fc.Arbitrary<[number, Uint8Array, number]> =>
    fc.tuple(fc.nat(length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(100));
  const mutate = (bytes: Buffer, changes: readonly [number, Uint8Array, number][]): Buffer =>
    changes.reduce(
      (mutated, [at, inserted, removed]) =>
        Buffer.concat([mutated.subarray(0, at), inserted, mutated.subarray(at + removed)]),
      bytes,
    );

  it('of an archive always have an outcome', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation(archive.length), { minLength: 1, maxLength: 4 }), async (changes) => {
        const { state } = await list(mutate(archive, changes));
        expect(['read', 'unreadable']).toContain(state);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('of an image always have an outcome', () => {
    fc.assert(
      fc.property(fc.array(mutation(image.length), { minLength: 1, maxLength: 4 }), (changes) => {
        const reader = new DirectContentReader(new FitsParser(null));
        reader.data(mutate(image, changes));
        expect(['read', 'unreadable', 'beyond-limits']).toContain(reader.end().state);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
