import fc from 'fast-check';
import { sampleDelivery, sampleFacts, sampleText } from '../testing/sample-delivery';
import { readReadme } from './readme';

describe('readReadme', () => {
  it.each(['analyst', 'pipeline', 'combination'] as const)('reads the %s README of the sample', (mode) => {
    const facts = readReadme(sampleText(sampleDelivery(mode), 'README'));
    expect(facts).toMatchObject({
      form: 'reducer',
      cycle: '2',
      projectCode: '2013.1.09999.S',
      projectTitle: 'The molecular ring of NGC 9999 (simulated)',
      casaVersion: '6.7.5-18',
      qa2Result: 'PASS',
      memberSchedulingBlocks: 2,
    });
    const { cont, line } = sampleFacts(mode);
    const rounded = (value: number, digits: number): unknown => expect.closeTo(value, digits);
    expect(facts.achieved).toMatchObject([
      {
        about: 'Continuum',
        beam: { majorArcsec: rounded(cont.beam.major, 1), minorArcsec: rounded(cont.beam.minor, 1) },
        noise: { janskyPerBeam: rounded(cont.rms, 5), width: { value: 1.5e9, unit: 'Hz' } },
      },
      {
        about: 'CO(2-1) line',
        beam: { majorArcsec: rounded(line.beam.major, 1), minorArcsec: rounded(line.beam.minor, 1) },
        noise: { janskyPerBeam: rounded(line.rms, 4), width: { value: 1e4, unit: 'm/s' } },
      },
    ]);
  });

  it('reads proposed values and several scheduling blocks, but no names of persons', () => {
    const facts = readReadme(sampleText(sampleDelivery('combination'), 'README'));
    expect(facts).toMatchObject({
      schedulingBlocks: ['NGC9999_a_06_TE', 'NGC9999_a_06_7M'],
      configuration: 'C34-2/(3), 7M',
      proposedRmsJansky: 0.002,
      proposedBeamArcsec: 1,
    });
    expect(JSON.stringify(facts)).not.toMatch(/Leavitt/);
  });

  it.each([
    ['0.5 mJy (line)', 0.5e-3],
    ['12 uJy', 12e-6],
    ['12 \u00b5Jy/beam', 12e-6],
    ['1e-3 Jy', 1e-3],
    ['none', null],
    ['0 Jy', null],
  ])('reads a proposed rms of %s', (text, jansky) => {
    const { proposedRmsJansky } = readReadme(`Project code: 2012.1.00001.S\nProposed rms: ${text}\n`);
    if (jansky === null) expect(proposedRmsJansky).toBeNull();
    else expect(proposedRmsJansky).toBeCloseTo(jansky, 12);
  });

  it('reads a README without some fields, with Windows line ends, and without a `#####` line behind the comments', () => {
    const facts = readReadme(
      'Project code: 2012.1.00001.S\r\nQA2 Result: SEMIPASS\r\nComments from Reducer:\r\nrms 1 mJy\r\n',
    );
    expect(facts).toMatchObject({ form: 'reducer', qa2Result: 'SEMIPASS', cycle: null, proposedBeamArcsec: null });
    expect(facts.achieved).toMatchObject([{ noise: { janskyPerBeam: 1e-3 } }]);
  });

  it.each([
    [
      'The data were reduced by hand. This is a re-delivery: the flux scale of\nXb1 was wrong by 1.4. All is well.',
      'This is a re-delivery: the flux scale of Xb1 was wrong by 1.4.',
    ],
    ['It replaces what was delivered in May 2014.', 'It replaces what was delivered in May 2014.'],
    ['The line was imaged again with robust=0.5. The rest is as before.', 'The line was imaged again with robust=0.5.'],
    ['The cube was recalibrated.', 'The cube was recalibrated.'],
    ['The calibrated data are reduced in size; the region is again small.', null],
  ])('reads the reason for a repeated delivery from the comments: %j', (comments, said) => {
    const text = `Project code: 2012.1.00001.S\nComments from Reducer:\n${comments}\n#####\nreimaged\n`;
    expect(readReadme(text).deliveredAgain).toBe(said);
  });

  it.each([
    '<PASS|FAIL>',
    'PASS/SEMIPASS/FAIL',
    'PASS/SEMIPASS',
    'PASS or FAIL',
    '(PASS | SEMIPASS | FAIL)',
    '[result]',
    'XXX',
    'TBD',
    '???',
    '_____',
    'to be filled in',
  ])('takes the field QA2 Result: %s for one that was not filled in', (value) => {
    const facts = readReadme(`Project code: 2012.1.00001.S\nQA2 Result: ${value}\n`);
    expect(facts).toMatchObject({ qa2Result: null, unfilled: [`qa2 result: ${value}`] });
  });

  it.each([
    'PASS',
    'FAIL',
    'SEMIPASS',
    'PASS (one SB failed)',
    'PASS (was FAIL)',
    'PASS, SEMIPASS',
    'PASS and SEMIPASS',
    'Passed',
    'pass - see comments',
    '<PASS>',
  ])('takes the field QA2 Result: %s for filled in', (value) => {
    const facts = readReadme(`QA2 Result: ${value}\n`);
    expect(facts).toMatchObject({ qa2Result: value, unfilled: [] });
  });

  it('recognises the form of the observatory before an analyst completes it', () => {
    const facts = readReadme('Cycle: 3\nCASA version used for reduction: 4.x\nQA2 Result: PASS/SEMIPASS\n');
    expect(facts).toMatchObject({ cycle: '3', casaVersion: null, qa2Result: null });
    expect(facts.unfilled).toEqual(['casa version used for reduction: 4.x', 'qa2 result: PASS/SEMIPASS']);
  });

  it.each(['analyst', 'pipeline', 'combination'] as const)('takes no field of the %s README for unfilled', (mode) => {
    expect(readReadme(sampleText(sampleDelivery(mode), 'README')).unfilled).toEqual([]);
  });

  it.each([
    'Project title: XXX',
    'Project title: [CII]',
    'Project title: <z> ~ 6?',
    'SB name: ???',
    'SB name: $CO',
    'Configuration: --',
    'Configuration: TBD',
    'Proposed rms: --',
    'Proposed beam size: _____ arcsec',
    'Cycle: [2]',
    'Project code: <2012.1.00001.S>',
    'CASA version used for reduction: {4.2.2}',
    'Total Number of Member SBs in this OUS Group: <1>',
  ])('never takes what may be right for unfilled: %s', (line) => {
    expect(readReadme(`QA2 Result: PASS\n${line}\nComments from Reducer:\nTBD\n`).unfilled).toEqual([]);
  });

  it('reads no achieved values from the sections behind the comments', () => {
    const facts = readReadme(
      'Project code: 2012.1.00001.S\nComments from Reducer:\nfine\n#####\nThe rms is 1 mJy/beam.\n',
    );
    expect(facts.achieved).toEqual([]);
  });

  it('recognises the generic README of Cycle 5 and later, an empty one, and free text', () => {
    expect(readReadme('ALMA Member ObsUnitSet README\n\nThis file describes ... rms 1 mJy').form).toBe('generic');
    expect(readReadme(' \n\ufeff\n').form).toBe('empty');
    expect(readReadme('see the wiki').form).toBe('free');
  });

  it('reads a mutated README of the sample without throwing', () => {
    const text = sampleText(sampleDelivery('analyst'), 'README');
    const cut = fc.tuple(fc.nat(text.length), fc.nat(200), fc.string({ unit: 'binary', maxLength: 30 }));
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 8 }), (changes) => {
        let mutated = text;
        for (const [at, length, inserted] of changes) {
          mutated = mutated.slice(0, at) + inserted + mutated.slice(at + length);
        }
        const facts = readReadme(mutated);
        expect(facts.achieved.length).toBeLessThanOrEqual(100);
        expect(JSON.stringify(facts).length).toBeLessThan(20_000);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});
