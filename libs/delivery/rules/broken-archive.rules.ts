import type { Inventory } from '../inventory/inventory';
import { type Rule, ruleFamily, type Violation } from './rule';

const UNKNOWN_CONTENT = 'The PI cannot unpack a part that cannot be read to its end, and its content is unknown';

/** A part that ends between two entries is truncated there, or its writer did not close it: only the original shows. */
const ADD_THE_END =
  'Compare the size and SHA-256 of the part with the original. If they differ, transfer it again. If they are equal, the ' +
  'program that wrote it left out the two zero blocks at its end: create it again with tar (or `almagest pack`), or add ' +
  'them with `head -c 1024 /dev/zero >> PART`.';

/** The problems of the tar codec that each rule reports; `archive.malformed` reports all others. */
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
  brokenArchiveRule('archive.compressed', {
    statement: 'A part is a plain tar archive, not a compressed one.',
    reason: 'The document names parts `.tar`; tools that rely on the name cannot unpack a compressed file.',
    example: '`..._1_of_1.tar` is a gzip file.',
    remedy: 'Decompress the part, or create it again without compression.',
  }),
  brokenArchiveRule('archive.truncated', {
    statement: 'A part is complete.',
    reason: `${UNKNOWN_CONTENT}.`,
    example: 'The second half of `..._1_of_2.tar` is missing.',
    remedy: 'Transfer the part again, and compare its size and SHA-256 with the original.',
  }),
  brokenArchiveRule('archive.trailing-data', {
    statement: 'Nothing follows the end of a part.',
    reason: 'Data after the end are not unpacked: they are damage, or something hidden.',
    example: 'An HTML page follows the end of `..._1_of_1.tar`.',
    remedy: 'Create the part again with tar.',
  }),
  brokenArchiveRule('archive.over-limits', {
    statement: 'Names, headers and sizes in a part stay within the limits of real archives.',
    reason: 'A header that announces far more than a real file has is damaged, or made to exhaust its reader.',
    example: 'A header announces a name of 4 GiB.',
    remedy: 'Create the part again from the delivery tree.',
  }),
  brokenArchiveRule('archive.malformed', {
    statement: 'A part is a valid tar archive.',
    reason: `${UNKNOWN_CONTENT}.`,
    example: 'The checksum of a header in `..._1_of_1.tar` is wrong.',
    remedy: 'Create the part again with tar, and check its size and SHA-256 before posting it.',
  }),
]);

function brokenArchiveRule(code: string, texts: Pick<Rule, 'statement' | 'reason' | 'example' | 'remedy'>): Rule {
  const listed = Object.values(CODES).flat();
  const isMine = (problem: string): boolean => CODES[code]?.includes(problem) ?? !listed.includes(problem);
  return {
    code,
    severity: 'reject',
    section: '§2',
    // Data after the end of an archive do not hide any of its files.
    ...(code === 'archive.trailing-data' ? {} : { hidesFiles: true as const }),
    ...texts,
    *check({ parts }: Inventory): Iterable<Violation> {
      for (const { name, problem } of parts) {
        if (problem === null || !isMine(problem.code)) continue;
        const at = problem.offset === null ? '' : ` at byte ${problem.offset}`;
        const message = `the archive cannot be read${at} (${problem.code})`;
        const remedy = problem.code === 'tar.missing-end' ? { remedy: ADD_THE_END } : {};
        yield { file: name, message, expected: problem.expected, found: problem.found, ...remedy };
      }
    },
  };
}
