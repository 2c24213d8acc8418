import { factsOf } from '../inventory/inventory';
import { ruleFamily } from './rule';
import { unreadableFiles } from './violations';

/** Rules about files whose content is inspected, whatever their role. */
export const contentRules = ruleFamily([
  {
    code: 'content.archive',
    severity: 'reject',
    section: '§4.4',
    statement: 'Every `.tgz` and `.tar.gz` of the delivery can be unpacked.',
    reason: 'From a damaged archive the PI can neither restore the calibration nor read the weblog.',
    example: '`calibration/uid___A002_X1_Xb1.calibration.tgz` is truncated.',
    remedy: 'Create the archive again with `tar czf`, and check it with `tar tzf`.',
    *check(inventory) {
      yield* unreadableFiles(inventory, 'archive', 'the archive cannot be unpacked');
    },
  },
  {
    code: 'content.archive-path',
    severity: 'reject',
    section: '§4.4',
    statement: 'Every archive in the delivery unpacks into its own directory only.',
    reason:
      'An absolute path, a `..`, a device or a link to a place outside, also by way of another link, could read or overwrite ' +
      'other files of the PI; a program with a set-id mode runs with the rights of its owner.',
    example: 'The weblog contains `../../.profile`.',
    remedy: 'Create the archive again from the directory that it packs, without links.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'archive')) {
        for (const { path, why, severity } of facts.unsafe) {
          const message = `the archive contains ${why}`;
          yield { file: file.path, message, expected: 'paths inside its own directory', found: path, severity };
        }
      }
    },
  },
  {
    code: 'content.not-looked-into',
    severity: 'note',
    section: '§4.4',
    statement: 'Files whose content is inspected do not exceed the sizes of real files.',
    reason: 'A much larger file is not read to its end, so its content is not checked.',
    example: '`README` has a size of 2 GiB, or a weblog of 20 MB expands to 20 GB.',
    remedy: 'No action is needed if the file is correct.',
    *check({ contents }) {
      for (const [{ path }, content] of contents) {
        if (content.state !== 'beyond-limits') continue;
        yield {
          file: path,
          message: 'the file was not read to its end, so its content is not checked',
          ...content.problem,
        };
      }
    },
  },
]);
