import { piBehaviourOf } from './pi-behaviour';
import { runPiChecks, type PiCheckCode, type PiTree } from './pi-checks';

const [ONE, TWO] = ['uid___A002_X1_Xb1', 'uid___A002_X1_Xb2'];
const calibration = (block: string): string => `${block}.ms.scriptForCalibration.py`;
const asdm = (block: string): string => `${block}.asdm.sdm`;

const LATER = piBehaviourOf({ date: '2015-02-06' }, 'cycle-2');

const ANALYST: PiTree = {
  behaviour: piBehaviourOf(null, 'cycle-2'),
  scripts: ['scriptForPI.py', 'scriptForImaging.py', calibration(ONE), calibration(TWO)],
  raw: [asdm(ONE), asdm(TWO)],
  pprBlocks: null,
  hasCalibrated: false,
  freeBytes: 100,
  needBytes: 100,
};
const PIPELINE: PiTree = {
  ...ANALYST,
  scripts: ['scriptForPI.py', 'casa_pipescript.py', 'casa_piperestorescript.py', 'PPR_uid___A001_X1_Xa4.xml'],
  pprBlocks: [ONE, TWO],
};

type Expected = [PiCheckCode, 'stop' | 'warn'][];

describe('runPiChecks', () => {
  it.each([
    ['an analyst-calibrated tree', ANALYST],
    ['a pipeline-calibrated tree', PIPELINE],
    ['a tree at SPACESAVING -1, which requires no disk space', { ...ANALYST, freeBytes: 0, needBytes: null }],
    [
      'a tree with the names of later cycles',
      { ...PIPELINE, scripts: PIPELINE.scripts?.map((name) => `member.uid___A001_X1_Xa4.hifa_cal.${name}`) ?? [] },
    ],
  ])('finds nothing in %s', (_what, tree) => expect(runPiChecks(tree)).toEqual([]));

  it.each<[string, PiTree, Partial<PiTree>, Expected]>([
    ['a missing script/', ANALYST, { scripts: null }, [['script-directory', 'stop']]],
    ['no scriptForPI', ANALYST, { scripts: [calibration(ONE), calibration(TWO)] }, [['script-for-pi', 'stop']]],
    [
      'two restore scripts',
      PIPELINE,
      { scripts: [...(PIPELINE.scripts ?? []), 'member.uid___A001_X1_Xa4.hifa_cal.casa_piperestorescript.py'] },
      [['one-of-each', 'stop']],
    ],
    [
      'two pipeline scripts',
      PIPELINE,
      { scripts: [...(PIPELINE.scripts ?? []), 'member.uid___A001_X1_Xa4.hifa_cal.casa_pipescript.py'] },
      [['one-of-each', 'stop']],
    ],
    [
      'two flux scripts',
      ANALYST,
      {
        scripts: [
          ...(ANALYST.scripts ?? []),
          'scriptForFluxCalibration.py',
          'member.uid___A001_X1_Xa3.scriptForFluxCalibration.py',
        ],
      },
      [['one-of-each', 'stop']],
    ],
    [
      'two imaging preparations',
      ANALYST,
      {
        scripts: [
          ...(ANALYST.scripts ?? []),
          'scriptForImagingPrep.py',
          'member.uid___A001_X1_Xa3.scriptForImagingPrep.py',
        ],
      },
      [['one-of-each', 'stop']],
    ],
    ['no calibration script', ANALYST, { scripts: ['scriptForPI.py'] }, [['calibration-script', 'stop']]],
    ['a missing raw/', ANALYST, { raw: null }, [['raw-directory', 'stop']]],
    ['one byte too little disk space', ANALYST, { freeBytes: 99 }, [['disk', 'stop']]],
    ['an empty raw/', ANALYST, { raw: ['README'] }, [['asdms', 'stop']]],
    ['a missing ASDM in 2014', ANALYST, { raw: [asdm(ONE)] }, [['asdm-set', 'stop']]],
    [
      'an extra ASDM in 2014',
      ANALYST,
      { raw: [asdm(ONE), asdm(TWO), asdm('uid___A002_X1_Xb9')] },
      [['asdm-set', 'stop']],
    ],
    ['an ASDM the PPR does not name', PIPELINE, { pprBlocks: [ONE] }, [['asdm-set', 'stop']]],
    ['a missing ASDM from 2015 on', PIPELINE, { behaviour: LATER, raw: [asdm(ONE)] }, [['asdm-set', 'warn']]],
    [
      'an extra ASDM from 2015 on',
      PIPELINE,
      { behaviour: LATER, raw: [asdm(ONE), asdm(TWO), asdm('uid___A002_X1_Xb9')] },
      [['asdm-set', 'warn']],
    ],
    [
      'only ASDMs that are not wanted',
      PIPELINE,
      { behaviour: LATER, raw: [asdm('uid___A002_X1_Xb9')] },
      [
        ['asdm-set', 'stop'],
        ['asdm-set', 'stop'],
      ],
    ],
    ['an existing calibrated/', ANALYST, { hasCalibrated: true }, [['calibrated', 'stop']]],
    [
      'several problems at once, in the order of scriptForPI',
      ANALYST,
      { scripts: ['scriptForPI.py'], raw: null, freeBytes: 0, hasCalibrated: true },
      [
        ['calibration-script', 'stop'],
        ['raw-directory', 'stop'],
        ['disk', 'stop'],
        ['calibrated', 'stop'],
      ],
    ],
  ])('finds %s', (_what, tree, change, expected) => {
    const found = runPiChecks({ ...tree, ...change });
    expect(found.map(({ code, severity }) => [code, severity])).toEqual(expected);
    for (const { message, remedy } of found) expect([message, remedy]).not.toContain('');
  });

  const recipes = ['hifa_cal', 'hifa_image'].map((recipe) => `member.uid___A001_X1_Xa4.${recipe}.casa_pipescript.py`);
  it.each([
    ['none', null, []],
    ['2015', '2015-10-10', []],
    ['2017', '2017-10-17', ['one-of-each']],
    ['2022', '2022-08-26', []],
  ] as const)(
    'finds no fault in the pipescripts of two recipes, except with a version of %s',
    (_when, date, expected) => {
      const behaviour = piBehaviourOf({ date }, 'cycle-6+');
      const scripts = ['scriptForPI.py', 'casa_piperestorescript.py', ...recipes];
      expect(runPiChecks({ ...PIPELINE, behaviour, scripts }).map(({ code }) => code)).toEqual(expected);
    },
  );
});

describe('piBehaviourOf', () => {
  it.each([
    ['1.7 and 1.11', '2014-08-15', 'products and raw data', 1, false, false],
    ['1.14', '2015-02-06', 'products and raw data', 1, true, false],
    ['1.15', '2015-10-10', 'products and raw data', 3, true, false],
    ['1.23', '2017-10-17', 'raw data', 3, true, true],
    ['2.5', '2023-10-03', 'raw data', 3, true, true],
  ] as const)(
    'follows version %s, whatever the era',
    (_revision, date, diskBasis, combining, skipsMissingAsdms, ignores) => {
      for (const profile of ['cycle-2', 'cycle-3-5', 'cycle-6+'] as const) {
        const { combiningScripts, ...behaviour } = piBehaviourOf({ date }, profile);
        expect(combiningScripts).toHaveLength(combining);
        expect(behaviour).toMatchObject({ diskBasis, skipsMissingAsdms, mayIgnoreDisk: ignores });
      }
    },
  );
});
