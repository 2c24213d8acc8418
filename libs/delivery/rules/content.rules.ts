import { factsOf } from '../inventory/inventory';
import { unreadableFiles } from './contents';
import { ruleFamily } from './rule';

/** Rules about files that are opened, whatever they are. */
export const contentRules = ruleFamily([
  {
    code: 'content.archive',
    severity: 'reject',
    section: '§4.4',
    statement: 'Every `.tgz` and `.tar.gz` of the delivery can be unpacked.',
    reason: 'A damaged archive of tables or of the weblog gives neither a restored calibration nor a look at it.',
    example: '`calibration/uid___A002_X1_Xb1.calibration.tgz` ends in its middle.',
    remedy: 'Make the archive anew with `tar czf`, and check it with `tar tzf`.',
    *check(inventory) {
      yield* unreadableFiles(inventory, 'archive', 'the archive cannot be unpacked');
    },
  },
  {
    code: 'content.archive-path',
    severity: 'reject',
    section: '§4.4',
    statement: 'What an archive of the delivery unpacks stays in the directory it is unpacked in.',
    reason: 'An absolute path, a `..`, a device or a link that leads outside would write or read the files of the PI.',
    example: 'The weblog holds `../../.profile`.',
    remedy: 'Make the archive anew from the directory it is to unpack, without links.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'archive')) {
        for (const { path, why } of facts.hostile) {
          const message = `the archive holds ${why}`;
          yield { file: file.path, message, expected: 'paths inside its own directory', found: path };
        }
      }
    },
  },
  {
    code: 'content.not-looked-into',
    severity: 'note',
    section: '§4.4',
    statement: 'Files that are looked into are of a size that real ones have.',
    reason: 'What is far larger is not read to its end, so nothing is said of what it holds.',
    example: '`README` has 2 GiB.',
    remedy: 'Nothing, if the file is right as it is.',
    *check({ contents }) {
      for (const [{ path }, content] of contents) {
        if (content.state !== 'beyond-limits') continue;
        yield { file: path, message: 'the file was not looked into to its end', ...content.problem };
      }
    },
  },
]);
