import { runPiChecks, hasCombiningScript, type PiCheckCode, type PiTree } from './pi-checks';

const [ONE, TWO] = ['uid___A002_X1_Xb1', 'uid___A002_X1_Xb2'];
const calibration = (block: string): string => `${block}.ms.scriptForCalibration.py`;
const asdm = (block: string): string => `${block}.asdm.sdm`;

const ANALYST: PiTree = {
  profile: 'cycle-2',
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
    ['a missing ASDM from 2015 on', PIPELINE, { profile: 'cycle-3-5', raw: [asdm(ONE)] }, [['asdm-set', 'warn']]],
    [
      'an extra ASDM from 2015 on',
      PIPELINE,
      { profile: 'cycle-6+', raw: [asdm(ONE), asdm(TWO), asdm('uid___A002_X1_Xb9')] },
      [['asdm-set', 'warn']],
    ],
    [
      'only ASDMs that are not wanted',
      PIPELINE,
      { profile: 'cycle-6+', raw: [asdm('uid___A002_X1_Xb9')] },
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

  it('recognises the scripts that combine execution blocks', () => {
    expect(hasCombiningScript(ANALYST.scripts ?? [])).toBe(false);
    expect(hasCombiningScript(['scriptForFluxCalibration.py'])).toBe(true);
    expect(hasCombiningScript(['member.uid___A001_X1_Xa3.hifa_cal.scriptForImagingPrep.py'])).toBe(true);
  });
});
