import { parseUid } from '@almagest/ous';
import { inspect, sampleDelivery, type SampleDelivery, type SampleEntry } from '../testing/sample-delivery';
import { rules } from './registry';
import { SEVERITIES } from './rule';

type Mode = SampleDelivery['mode'];
type Change = (sample: SampleDelivery) => void;

/** Where an entry lies: its path below the ObsUnitSet's directory. */
const below = (sample: SampleDelivery, entry: SampleEntry): string => entry.path.slice(sample.tree.length + 1);
const entryOf = (path: string, size = 1): SampleEntry => ({ path, type: 'file', size, item: null, role: null });

function remove(...names: (string | RegExp)[]): Change {
  return (sample) => {
    let removed = 0;
    for (const part of sample.parts) {
      const kept = part.entries.filter((entry) => {
        const path = below(sample, entry);
        return !names.some((name) => (typeof name === 'string' ? path === name : name.test(path)));
      });
      removed += part.entries.length - kept.length;
      part.entries = kept;
    }
    if (removed === 0) throw new Error('nothing was removed');
  };
}

/** Adds files below the ObsUnitSet's directory, to the last part. */
function add(...names: string[]): Change {
  return (sample) => sample.parts.at(-1)?.entries.push(...names.map((name) => entryOf(`${sample.tree}/${name}`)));
}

function addAt(path: string, change: Partial<SampleEntry> = {}): Change {
  return (sample) => sample.parts.at(-1)?.entries.push({ ...entryOf(path), ...change });
}

function alter(name: string, change: Partial<SampleEntry> | ((entry: SampleEntry) => Partial<SampleEntry>)): Change {
  return (sample) => {
    const entry = sample.parts.flatMap(({ entries }) => entries).find((each) => below(sample, each) === name);
    if (!entry) throw new Error(`${name} is not in the sample`);
    Object.assign(entry, typeof change === 'function' ? change(entry) : change);
  };
}

function renamePart(index: number, from: string, to: string): Change {
  return (sample) => {
    const part = sample.parts[index];
    if (part) part.name = part.name.replace(from, to);
  };
}

function breakPart(code: string): Change {
  return ({ parts }) => {
    const [part] = parts;
    if (part) part.problem = { code, offset: 1024, expected: 'a tar archive', found: 'something else' };
  };
}

/** Posts one execution block more, which the files then lack. */
const postBlock: Change = (sample) => {
  if (!sample.posted) return;
  const block = { uid: parseUid('uid://A002/X1/Xbf'), use: 'used' as const };
  sample.posted = { ...sample.posted, executionBlocks: [...sample.posted.executionBlocks, block] };
};

/** Every rule with one change to one delivery of the sample that breaks it, and nothing else. */
const BREAKS: readonly [string, Mode, Change][] = [
  ['archive.compressed', 'combination', breakPart('tar.compressed')],
  ['archive.truncated', 'combination', breakPart('tar.truncated-data')],
  ['archive.truncated', 'combination', breakPart('tar.missing-end')],
  ['archive.trailing-data', 'combination', breakPart('tar.trailing-garbage')],
  ['archive.over-limits', 'combination', breakPart('tar.oversize-metadata')],
  ['archive.malformed', 'combination', breakPart('tar.bad-checksum')],
  ['archive.absolute-path', 'analyst', alter('README', ({ path }) => ({ path: `/${path}` }))],
  [
    'archive.parent-path',
    'analyst',
    alter('product/NGC9999.cont.mask/table.dat', ({ path }) => ({
      path: path.replace('table', '../NGC9999.cont.mask/table'),
    })),
  ],
  ['archive.empty-path', 'analyst', addAt('./')],
  ['archive.link', 'analyst', alter('log/imaging.log', { type: 'symlink' })],
  ['archive.link', 'analyst', alter('log/imaging.log', { type: 'hardlink' })],
  ['archive.special-file', 'analyst', alter('log/imaging.log', { type: 'fifo' })],
  ['archive.special-file', 'analyst', alter('log/imaging.log', { type: 'block-device' })],
  ['archive.control-character', 'analyst', add('log/imaging\u0007.log')],
  ['archive.control-character', 'analyst', alter('log/imaging.log', { pathFlaw: 'nul' })],
  ['archive.undecodable-name', 'analyst', alter('log/imaging.log', { pathFlaw: 'not-utf-8' })],
  ['archive.long-path', 'analyst', add(`log/${'x'.repeat(252)}.log`)],
  ['archive.too-large', 'analyst', alter('log/imaging.log', { size: 2 ** 41 })],
  ['archive.duplicate-path', 'analyst', add('README')],
  ['archive.file-and-directory', 'analyst', add('product/NGC9999.cont.mask/table.dat/more')],
  ['archive.case-collision', 'analyst', add('log/Imaging.log')],
  ['archive.case-collision', 'analyst', add('log/cafe\u0301.log', 'log/caf\u00e9.log')],
  ['package.name', 'pipeline', renamePart(0, '_1_of_1', '')],
  ['package.other-delivery', 'pipeline', renamePart(0, 'Xa4', 'Xa3')],
  ['package.other-delivery', 'pipeline', renamePart(0, '2013.1.09999.S', '2013.1.09998.S')],
  [
    'package.part-number',
    'pipeline',
    (sample) => sample.parts.push({ name: '2013.1.09999.S_uid___A001_X1_Xa4_2_of_1.tar', entries: [] }),
  ],
  ['package.count', 'analyst', renamePart(1, '2_of_2', '2_of_3')],
  [
    'package.part-repeated',
    'analyst',
    (sample) => sample.parts.push({ name: '2013.1.09999.S_uid___A001_X1_Xa3_02_of_02.tar', entries: [] }),
  ],
  ['package.part-missing', 'pipeline', renamePart(0, '1_of_1', '1_of_2')],
  ['tree.misplaced', 'analyst', addAt('notes.txt')],
  ['tree.misplaced', 'analyst', addAt('2013.1.09999.S/notes.txt')],
  [
    'tree.level-missing',
    'analyst',
    addAt('2013.1.09999.S/science_goal.uid___A001_X1_Xa1/member.uid___A001_X1_Xa3/log/a.log'),
  ],
  ['tree.project', 'analyst', alter('log/imaging.log', ({ path }) => ({ path: path.replace('09999', '09998') }))],
  ['tree.science-goal', 'analyst', alter('log/imaging.log', ({ path }) => ({ path: path.replace('Xa1', 'Xff') }))],
  ['tree.group', 'analyst', alter('log/imaging.log', ({ path }) => ({ path: path.replace('Xa2', 'Xff') }))],
  ['tree.member', 'analyst', alter('log/imaging.log', ({ path }) => ({ path: path.replace('Xa3', 'Xff') }))],
  [
    'tree.member',
    'analyst',
    alter('log/imaging.log', ({ path }) => ({ path: path.replace('member.uid___A001_X1_Xa3', 'member_ouss_id') })),
  ],
  ['item.readme', 'analyst', remove('README')],
  ['item.readme', 'combination', remove('README')],
  ['item.readme-empty', 'analyst', alter('README', { size: 0 })],
  ['item.product', 'analyst', remove(/^product/)],
  ['item.product', 'combination', remove(/^product/)],
  ['item.calibration', 'analyst', remove(/^calibration/)],
  ['item.calibration', 'pipeline', remove(/^calibration/)],
  ['item.qa', 'analyst', remove(/^qa/)],
  ['item.qa', 'combination', remove(/^qa/)],
  ['item.script', 'analyst', remove(/^script/)],
  ['item.script', 'combination', remove(/^script/)],
  ['item.log', 'pipeline', remove(/^log/)],
  ['item.log', 'combination', remove(/^log/)],
  ['item.raw-included', 'analyst', add('raw/uid___A002_X1_Xb1.asdm.sdm/ASDM.xml')],
  ['item.unknown-file', 'analyst', add('script/notes.docx')],
  ['item.unknown-file', 'analyst', add('figures/map.png')],
  ['block.not-posted', 'analyst', add('script/uid___A002_X1_Xff.ms.scriptForCalibration.py')],
  ['block.not-posted', 'pipeline', add('calibration/uid___A002_X1_Xff.ms.calapply.txt')],
  ['script.pi', 'analyst', remove('script/scriptForPI.py')],
  ['script.pi', 'pipeline', remove('script/scriptForPI.py')],
  ['script.imaging', 'analyst', remove('script/scriptForImaging.py')],
  [
    'script.imaging',
    'combination',
    (sample) => {
      remove('script/scriptForImaging.py')(sample);
      add('script/scriptForPI.py')(sample);
    },
  ],
  ['script.calibration', 'analyst', remove('script/uid___A002_X1_Xb2.ms.scriptForCalibration.py')],
  ['script.calibration-in-pipeline', 'pipeline', add('script/uid___A002_X1_Xb3.ms.scriptForCalibration.py')],
  ['script.flux', 'analyst', remove('script/scriptForFluxCalibration.py')],
  ['script.ppr', 'pipeline', remove('script/PPR_uid___A001_X1_Xa4.xml')],
  ['script.pipeline-restore', 'pipeline', remove('script/casa_piperestorescript.py')],
  ['script.pipeline-rerun', 'pipeline', remove('script/casa_pipescript.py')],
  ['calibration.tables', 'analyst', remove('calibration/uid___A002_X1_Xb2.calibration.tgz')],
  ['calibration.plots', 'analyst', remove(/^calibration\/uid___A002_X1_Xb2\.calibration\.plots/)],
  ['calibration.session-tables', 'pipeline', remove(/caltables/)],
  ['calibration.calapply', 'pipeline', remove(/calapply/)],
  ['calibration.flag-versions', 'pipeline', remove(/flagversions/)],
  ['calibration.flag-template', 'pipeline', remove(/flagtemplate/)],
  ['calibration.fluxes', 'pipeline', remove('calibration/flux.csv')],
  ['qa.pages', 'analyst', remove('qa/uid___A002_X1_Xb2__qa2_part3.png')],
  ['qa.pages', 'analyst', remove(/Xb2__qa2_part/)],
  ['qa.text', 'analyst', remove('qa/uid___A002_X1_Xb1__textfile.txt')],
  [
    'qa.weblog',
    'pipeline',
    (sample) => {
      remove(/weblog/)(sample);
      add('qa/uid___A002_X1_Xb3.qa0_report.pdf')(sample);
    },
  ],
  ['product.science-image', 'analyst', remove(/^product\/.*(?:pbcor|dirty)\.fits$/)],
  ['product.primary-beam', 'analyst', remove('product/NGC9999.cont.flux.fits')],
  ['product.primary-beam', 'combination', remove('product/NGC9999.CO_21.flux.fits')],
  ['product.calibrators', 'pipeline', remove(/_ph\.spw/)],
];

describe('the rules', () => {
  it.each(BREAKS)('%s is broken by one change to the %s delivery, and nothing else is', async (code, mode, change) => {
    const sample = sampleDelivery(mode);
    change(sample);
    const { findings } = await inspect(sample);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    const rule = rules.find((each) => each.code === code);
    expect(SEVERITIES.indexOf(findings[0]?.severity ?? 'reject')).toBeGreaterThanOrEqual(
      SEVERITIES.indexOf(rule?.severity ?? 'note'),
    );
  });

  it('archive.too-many-entries is broken by more entries than the limit', async () => {
    const sample = sampleDelivery('combination');
    add('log/more.log')(sample);
    const entries = sample.parts[0]?.entries.length ?? 0;
    const report = await inspect(sample, { limits: { entries: entries - 1 } });
    expect(report.findings.map(({ code }) => code)).toEqual(['archive.too-many-entries']);
  });

  it('refuses a block without files in each of the rules per block', async () => {
    const codes = async (mode: Mode): Promise<string[]> => {
      const sample = sampleDelivery(mode);
      postBlock(sample);
      return (await inspect(sample)).findings.map(({ code }) => code);
    };
    expect(await codes('analyst')).toEqual([
      'script.calibration',
      'calibration.tables',
      'qa.pages',
      'qa.text',
      'calibration.plots',
    ]);
    expect(await codes('pipeline')).toEqual([
      'calibration.calapply',
      'calibration.flag-versions',
      'calibration.flag-template',
    ]);
  });

  it('warns only when one of the three QA2 pages of a block is missing, and refuses when all are', async () => {
    const severity = async (change: Change): Promise<unknown> => {
      const sample = sampleDelivery('analyst');
      change(sample);
      return (await inspect(sample)).findings[0]?.severity;
    };
    expect(await severity(remove('qa/uid___A002_X1_Xb2__qa2_part3.png'))).toBe('warn');
    expect(await severity(remove(/Xb2__qa2_part/))).toBe('reject');
  });

  it('have each a change that breaks them', () => {
    const tested = new Set([...BREAKS.map(([code]) => code), 'archive.too-many-entries']);
    expect(rules.map(({ code }) => code).filter((code) => !tested.has(code))).toEqual([]);
  });

  it('have codes of their own and every text', () => {
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
    for (const { code, section, statement, reason, example, remedy } of rules) {
      expect(code).toMatch(/^[a-z]+(?:\.[a-z0-9-]+)+$/);
      expect(section).toMatch(/^§[1-6](?:\.\d)?$/);
      for (const text of [statement, reason, example, remedy]) expect(text).toMatch(/^\S.*\.$/s);
    }
  });
});
