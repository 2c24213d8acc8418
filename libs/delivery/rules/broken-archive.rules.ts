import type { Inventory } from '../inventory/inventory';
import { type Rule, ruleFamily, type Violation } from './rule';

const UNKNOWN_CONTENT =
  'A part that cannot be read to its end cannot be unpacked by the PI, and what it should hold is unknown';

/** Which problems of the tar codec each rule is about; `archive.malformed` takes all others. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  'archive.compressed': ['tar.compressed'],
  'archive.truncated': ['tar.truncated-header', 'tar.truncated-data', 'tar.missing-end', 'tar.empty'],
  'archive.trailing-data': ['tar.trailing-garbage'],
  'archive.over-limits': [
    'tar.oversize-metadata',
    'tar.too-many-entries',
    'tar.too-large',
    'tar.name-too-long',
    'tar.path-too-deep',
  ],
};

export const brokenArchiveRules = ruleFamily([
  broken('archive.compressed', {
    statement: 'A part is a plain tar archive, not a compressed one under that name.',
    reason: 'The document names parts `.tar`; what a name does not say, tools that go by it cannot unpack.',
    example: '`..._1_of_1.tar` is a gzip file.',
    remedy: 'Decompress the part, or make it anew without compression.',
  }),
  broken('archive.truncated', {
    statement: 'A part is complete to its end.',
    reason: `${UNKNOWN_CONTENT}.`,
    example: 'The second half of `..._1_of_2.tar` is missing.',
    remedy: 'Transfer the part again, and compare its size and SHA-256 with the original.',
  }),
  broken('archive.trailing-data', {
    statement: 'Nothing follows the end of a part.',
    reason: 'What follows the end is not unpacked: it is damage, or something hidden.',
    example: 'A page of HTML follows the end of `..._1_of_1.tar`.',
    remedy: 'Make the part anew with tar.',
  }),
  broken('archive.over-limits', {
    statement: 'Names, headers and sizes in a part keep within what any archive needs.',
    reason: 'A header that claims far more than a real file has is damage, or made to exhaust its reader.',
    example: 'A header announces a name of 4 GiB.',
    remedy: 'Make the part anew from the delivery tree.',
  }),
  broken('archive.malformed', {
    statement: 'A part is a valid tar archive.',
    reason: `${UNKNOWN_CONTENT}.`,
    example: "A header's checksum in `..._1_of_1.tar` is wrong.",
    remedy: 'Make the part anew with tar, and compare its size and SHA-256 before it is posted.',
  }),
]);

function broken(code: string, texts: Pick<Rule, 'statement' | 'reason' | 'example' | 'remedy'>): Rule {
  const listed = Object.values(CODES).flat();
  const isMine = (problem: string): boolean => CODES[code]?.includes(problem) ?? !listed.includes(problem);
  return {
    code,
    severity: 'reject',
    section: '§2',
    // What follows the end of an archive takes nothing from it.
    ...(code === 'archive.trailing-data' ? {} : { hidesRest: true as const }),
    ...texts,
    *check({ parts }: Inventory): Iterable<Violation> {
      for (const { name, problem } of parts) {
        if (problem === null || !isMine(problem.code)) continue;
        const at = problem.offset === null ? '' : ` at byte ${problem.offset}`;
        const message = `the archive cannot be read${at} (${problem.code})`;
        yield { file: name, message, expected: problem.expected, found: problem.found };
      }
    },
  };
}
