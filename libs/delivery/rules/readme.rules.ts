import { type BeamFacts, compareBeam } from '@almagest/fits';
import type { ReadmeFacts } from '../facts/file-facts';
import { factsOf, type Inventory } from '../inventory/inventory';
import { listed } from '../printable';
import type { Severity } from '../profile/profile';
import { type Rule, ruleFamily } from './rule';
import { unreadableFiles } from './violations';

export const readmeRules = ruleFamily([
  {
    code: 'readme.empty',
    severity: 'warn',
    section: '§4.1',
    statement: 'The README is not empty.',
    reason: 'The README summarises the QA2 result; an empty one says nothing.',
    example: '`README` has 0 bytes.',
    remedy: 'Write the README.',
    *check(inventory) {
      const blank = new Set(
        factsOf(inventory, 'readme')
          .filter(({ facts }) => facts.form === 'empty')
          .map(({ file }) => file),
      );
      for (const file of inventory.byRole.get('readme') ?? []) {
        if (file.size > 0 && !blank.has(file)) continue;
        yield { file: file.path, message: 'the README is empty', expected: 'some text', found: `${file.size} bytes` };
      }
    },
  },
  {
    code: 'readme.unreadable',
    severity: 'warn',
    section: '§4.1',
    statement: 'The README is plain text.',
    reason: 'It is the first file to read, with any program; a file in UTF-16 shows as rubbish.',
    example: '`README` is in UTF-16.',
    remedy: 'Save the README as plain text in UTF-8.',
    *check(inventory) {
      yield* unreadableFiles(inventory, 'readme', 'the README is not readable as text');
    },
  },
  {
    code: 'readme.unfilled',
    severity: 'warn',
    section: '§4.1',
    statement: 'The fields of the README are filled in.',
    reason: 'A template says nothing about the delivery.',
    example: '`README` says `QA2 Result: PASS/SEMIPASS/FAIL`.',
    remedy: 'Fill in the form of the README.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        if (facts.unfilled === undefined || facts.unfilled.length === 0) continue;
        const message = 'the form of the README is not filled in';
        yield { file: file.path, message, expected: 'values in every field', found: listed(facts.unfilled) };
      }
    },
  },
  {
    code: 'readme.project',
    severity: 'warn',
    section: '§4.1',
    statement: 'The README is about the delivered project.',
    reason: 'A README copied from another delivery misleads its readers.',
    example: '`README` says `Project code: 2013.1.09998.S`.',
    remedy: 'Write the README for this delivery.',
    *check(inventory) {
      const { project } = inventory.identity;
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        if (facts.projectCode === null || project === null || facts.projectCode === project) continue;
        const message = 'the README is about another project';
        yield { file: file.path, message, expected: project, found: facts.projectCode };
      }
    },
  },
  {
    code: 'readme.outcome',
    severity: 'warn',
    section: '§1',
    statement: 'The README says that QA2 passed.',
    reason: 'Only data that passed QA2 are packaged and delivered.',
    example: '`README` says `QA2 Result: FAIL`.',
    remedy: 'Deliver after QA2 has passed, or correct the README.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        const outcome = facts.qa2Result?.toUpperCase().replace(/[^A-Z]/g, '') ?? 'PASS';
        if (outcome === 'PASS') continue;
        // Whether SEMIPASS data are delivered is the policy of the archive.
        const severity: Severity = outcome === 'SEMIPASS' ? 'note' : 'warn';
        const message = 'the README states a different QA2 result';
        yield { file: file.path, message, expected: 'PASS', found: facts.qa2Result, severity };
      }
    },
  },
  {
    code: 'readme.group-of-one',
    severity: 'warn',
    section: '§2',
    statement: 'A GroupOUS is delivered only if it has more than one MemberOUS.',
    reason: 'A group with one member has nothing to combine: the delivery of the member is complete.',
    example: "A GroupOUS's `README` says `Total Number of Member SBs in this OUS Group: 1`.",
    remedy: 'Deliver the MemberOUS only, or correct the README.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        if (inventory.identity.level !== 'group' || facts.memberSchedulingBlocks === null) continue;
        if (facts.memberSchedulingBlocks > 1) continue;
        const message = 'according to the README, the GroupOUS has fewer than two members';
        yield { file: file.path, message, expected: 'two or more', found: `${facts.memberSchedulingBlocks}` };
      }
    },
  },
  figureRule('readme.beam', 'beam', 'the synthesised beam is 0.79" x 0.62"', 'beam'),
  figureRule('readme.noise', 'noise', 'the rms is 0.21 mJy/beam', 'image noise RMS'),
  {
    code: 'readme.beam-agrees',
    severity: 'warn',
    section: '§4.1',
    needsAllFiles: true,
    statement: 'Every beam that the README states matches the beam of an image to within 10 %.',
    reason: 'A beam that matches no image was measured in another image, or is a typing error.',
    example: '`README` says `1.79" x 0.62"`, but the images have `0.79" x 0.62"`.',
    remedy: 'Correct the beam in the README, or deliver the image that it belongs to.',
    *check(inventory) {
      const beams = beamsOfImages(inventory);
      if (beams.length === 0) return;
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        for (const { about, beam } of facts.achieved) {
          if (beam === null || beams.some((each) => compareBeam(beam, each).every(({ agrees }) => agrees))) continue;
          const of = about === null ? '' : ` (${about})`;
          const message = `the README states a beam that matches no image${of}`;
          yield { file: file.path, message, expected: listed(new Set(beams.map(beamText))), found: beamText(beam) };
        }
      }
    },
  },
]);

/** Returns the beams of the science images; for a cube the median, the smallest and the largest beam. */
function beamsOfImages(inventory: Inventory): BeamFacts[] {
  return factsOf(inventory, 'fits').flatMap(({ file, facts }) => {
    const beam = facts.image?.beam;
    if (!beam || file.image?.intent !== 'science') return [];
    return [beam, { ...beam, ...beam.smallest }, { ...beam, ...beam.largest }];
  });
}

function beamText({ majorArcsec, minorArcsec }: { majorArcsec: number; minorArcsec: number }): string {
  return `${majorArcsec.toPrecision(3)}" x ${minorArcsec.toPrecision(3)}"`;
}

/** Returns false for READMEs of Cycle 5 and later: they state neither beam nor noise, which is never a violation. */
function statesResults(inventory: Inventory, facts: ReadmeFacts): boolean {
  return facts.form === 'reducer' || (facts.form === 'free' && inventory.profile.name === 'cycle-2');
}

function figureRule(code: string, measure: 'beam' | 'noise', phrase: string, what: string): Rule {
  return {
    code,
    severity: 'warn',
    section: '§4.1',
    statement: `The README states the achieved ${what}.`,
    reason: 'It is the figure that the PI looks for first, and that the delivered images can be checked against.',
    example: `The reducer's comments in \`README\` contain no sentence such as "${phrase}".`,
    remedy: `Add a sentence such as "${phrase}" under \`Comments from Reducer:\`; it is not looked for elsewhere.`,
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        if (!statesResults(inventory, facts) || facts.achieved.some((each) => each[measure] !== null)) continue;
        const message = `the README does not state the achieved ${what}`;
        const place = facts.form === 'reducer' ? ', under "Comments from Reducer:"' : '';
        yield { file: file.path, message, expected: `for example: ${phrase}${place}`, found: null };
      }
    },
  };
}
