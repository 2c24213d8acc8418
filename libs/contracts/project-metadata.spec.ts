import { parseInput } from './parse-input';
import { MAX_METADATA_BYTES, projectMetadataSchema, publicMetadata } from './project-metadata';
import { violationsOf } from './violation';

const faults = (document: object): [string, string][] => {
  const parsed = parseInput(projectMetadataSchema, { revision: 1, ...document });
  return parsed.success ? [] : violationsOf(parsed.error).map(({ pointer, message }) => [pointer, message]);
};
const GOAL = 'uid://A001/X1/Xa1';
const BLOCK = 'uid://A002/X1/Xb1';
const BIBCODE = '2015ApJ...808L...3A';

describe('the metadata of a project', () => {
  it.each<[string, object]>([
    ['only a revision', {}],
    ['an abstract of paragraphs', { abstract: 'One.\n\nTwo.' }],
    [
      'an execution block',
      { executionBlocks: [{ uid: BLOCK, start: '2014-11-23T10:00:00Z', antennas: ['A109:DV01'] }] },
    ],
    ['publications', { publications: [{ bibcode: BIBCODE }, { bibcode: '2016A&A...587A..91B', year: 2016 }] }],
  ])('may have %s', (_, document) => {
    expect(faults(document)).toEqual([]);
  });

  it.each<[string, object, [string, string][]]>([
    ['an unknown field', { keywords: [] }, [['/keywords', 'unknown field']]],
    ['a title of two lines', { title: 'a\nb' }, [['/title', 'control characters are not allowed']]],
    [
      'a hidden character',
      { abstract: 'a\n\u202eb' },
      [['/abstract', 'the invisible character U+202E is not allowed']],
    ],
    [
      'a bibcode of another form',
      { publications: [{ bibcode: 'arXiv:1503.02649' }] },
      [['/publications/0/bibcode', 'expected a bibcode such as 2015ApJ...808L...3A']],
    ],
    [
      'an antenna without its pad',
      { executionBlocks: [{ uid: BLOCK, antennas: ['DV01'] }] },
      [['/executionBlocks/0/antennas/0', 'expected pad:antenna, such as A109:DV01']],
    ],
    [
      'a sensitivity of 0',
      { scienceGoals: [{ uid: GOAL, sensitivity: 0 }] },
      [['/scienceGoals/0/sensitivity', 'must be greater than 0']],
    ],
    [
      'the same thing twice',
      {
        scienceGoals: [
          { uid: GOAL, sensitivity: 1 },
          { uid: GOAL, sensitivity: 2 },
        ],
        publications: [{ bibcode: BIBCODE }, { bibcode: BIBCODE }],
      },
      [
        ['/scienceGoals/1/uid', 'repeats /scienceGoals/0/uid'],
        ['/publications/1/bibcode', 'repeats /publications/0/bibcode'],
      ],
    ],
  ])('must not have %s', (_, document, expected) => {
    expect(faults(document)).toEqual(expected);
  });

  it('fit into a message', () => {
    const publications = Array.from({ length: 60 }, (_, i) => ({
      bibcode: `2015ApJ...8${String(i).padStart(2, '0')}L...3A`,
      abstract: 'x'.repeat(10_000),
    }));
    expect(faults({ publications })).toEqual([
      ['', expect.stringMatching(`^the document has 6\\d{5} bytes; at most ${MAX_METADATA_BYTES} are allowed$`)],
    ]);
  });

  it('have no names for everyone unless these may be shown', () => {
    const people = { pi: { name: 'Vera Rubin' }, coInvestigators: ['Annie Cannon'] };
    const metadata = { revision: 1, title: 'A title', ...people };
    expect(publicMetadata({ ...metadata, showNames: false })).toEqual({ revision: 1, title: 'A title' });
    expect(publicMetadata({ ...metadata, showNames: true })).toEqual(metadata);
  });
});
