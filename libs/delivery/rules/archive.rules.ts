import { unsafeCharacter } from '@almagest/text';
import type { EntryType } from '../inventory/delivery-entry';
import type { Inventory, InventoryEntry } from '../inventory/inventory';
import { listed } from '../printable';
import { ruleFamily, type Rule, withPauses, type Violation } from './rule';

const SAFE = 'a delivery must unpack into the tree of §3, on every machine, and write to no other place';

export const archiveRules = ruleFamily([
  {
    code: 'archive.absolute-path',
    severity: 'reject',
    section: '§3',
    statement: 'Every path is relative.',
    reason: `An absolute path leaves the directory that it is unpacked in: ${SAFE}.`,
    example: '`/etc/cron.d/job` is an entry of a part.',
    remedy: 'Create the tar from the directory that contains the project directory.',
    check: pathsThat(
      ({ path }) => path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path),
      'the path is absolute',
      'a path that begins with the project directory',
    ),
  },
  {
    code: 'archive.parent-path',
    severity: 'reject',
    section: '§3',
    statement: 'No path contains `..`.',
    reason: `A path with ".." can leave the directory that it is unpacked in: ${SAFE}.`,
    example: '`2013.1.09999.S/../../home/pi/.profile` is an entry of a part.',
    remedy: 'Create the tar from the directory that contains the project directory.',
    check: pathsThat(({ path }) => path.split(/[/\\]/).includes('..'), 'the path contains ".."', 'a path without ".."'),
  },
  {
    code: 'archive.empty-path',
    severity: 'reject',
    section: '§3',
    statement: 'Every file has a name.',
    reason: 'A file without a name cannot be unpacked.',
    example: 'A part contains a file whose path is `./`.',
    remedy: 'Create the tar again from the delivery tree.',
    check: pathsThat(({ key, type }) => key === '' && type !== 'directory', 'the entry has no name', 'a path'),
  },
  {
    code: 'archive.link',
    severity: 'reject',
    section: '§3',
    statement: 'A delivery contains no symbolic or hard links.',
    reason: 'A link can point outside the delivery, and its target may not exist on the machine of the PI.',
    example: '`script/scriptForPI.py` is a symbolic link.',
    remedy: 'Put the file itself into the tar: `tar --dereference --hard-dereference`.',
    check: entriesOfType(['symlink', 'hardlink']),
  },
  {
    code: 'archive.special-file',
    severity: 'reject',
    section: '§3',
    statement: 'A delivery contains only files and directories.',
    reason: 'A device, fifo or entry of another type has no content to store, and can do harm when it is unpacked.',
    example: '`log/imaging.log` is a fifo.',
    remedy: 'Remove the entry, or replace it with a regular file.',
    check: entriesOfType(['character-device', 'block-device', 'fifo', 'other']),
  },
  {
    code: 'archive.set-id-mode',
    severity: 'warn',
    section: '§3',
    statement: 'No file has the set-user-id or set-group-id mode.',
    reason: 'Unpacked with its mode, such a program runs with the rights of its owner; data need no such mode.',
    example: '`script/scriptForPI.py` has the mode 4755.',
    remedy: 'Remove the mode with `chmod ug-s FILE`, and create the tar again.',
    *check({ entries }) {
      for (const { path, setsId } of entries) {
        if (!setsId) continue;
        const message = 'the mode of the file sets the user or group id';
        yield { file: path, message, expected: 'a mode without set-id bits', found: null };
      }
    },
  },
  {
    code: 'archive.control-character',
    severity: 'reject',
    section: '§3',
    statement: 'No path contains a NUL or other control character.',
    reason: 'Such a name confuses terminals and logs, and some systems truncate it at the NUL.',
    example: 'A file is named `scriptForPI.py\\x0a`.',
    remedy: 'Rename the file.',
    check: pathsThat(
      ({ path, pathFlaw }) => /\p{Cc}/u.test(path) || pathFlaw === 'nul' || pathFlaw === 'control-character',
      'the path contains a control character',
      'printable characters',
    ),
  },
  {
    code: 'archive.invisible-character',
    severity: 'reject',
    section: '§3',
    statement: 'No path contains a character that cannot be seen or that changes the direction of the text.',
    reason: 'Such a name is not what it looks like, and cannot be typed.',
    example: 'A file is named `log/x\\u202egpj.fits`, which is shown as `log/xstif.jpg`.',
    remedy: 'Rename the file.',
    check: pathsThat(
      ({ path }) => unsafeCharacter(path.replaceAll(/\p{Cc}/gu, '')) !== null,
      'the path contains an invisible character',
      'characters that can be seen',
    ),
  },
  {
    code: 'archive.undecodable-name',
    severity: 'reject',
    section: '§3',
    statement: 'Every path is valid UTF-8.',
    reason: 'A name that is not text cannot be catalogued, searched for or displayed.',
    example: 'A file name contains the single byte 0xff.',
    remedy: 'Rename the file; a name in another encoding can be converted with `convmv`.',
    check: pathsThat(({ pathFlaw }) => pathFlaw === 'not-utf-8', 'the name is not valid UTF-8', 'a name in UTF-8'),
  },
  {
    code: 'archive.long-path',
    severity: 'reject',
    section: '§3',
    statement: 'Paths and names are short enough for the file systems that they are unpacked on.',
    reason: 'A name of more than 255 bytes, or a path of more than 4095 bytes, cannot be unpacked.',
    example: 'A file name has 300 characters.',
    remedy: 'Shorten the name.',
    *check({ entries, limits }) {
      for (const entry of withPauses(entries)) {
        if (entry === null) {
          yield null;
          continue;
        }
        const { path, key } = entry;
        const longest = Math.max(0, ...key.split('/').map((name) => Buffer.byteLength(name)));
        if (longest > limits.nameBytes) {
          yield tooLong(path, 'a name in the path', longest, limits.nameBytes);
        } else if (Buffer.byteLength(path) > limits.pathBytes) {
          yield tooLong(path, 'the path', Buffer.byteLength(path), limits.pathBytes);
        }
      }
    },
  },
  {
    code: 'archive.too-many-entries',
    severity: 'reject',
    section: '§2',
    hidesFiles: true,
    statement: 'The number of entries in a delivery is limited.',
    reason: 'An unlimited listing would exhaust every machine that reads it.',
    example: 'A part repeats an empty directory a million times.',
    remedy: 'Pack large numbers of small files, such as a weblog, into one `.tgz` (§4.5).',
    *check({ entries, entriesBeyondLimits, limits }) {
      if (entriesBeyondLimits === 0) return;
      yield {
        file: null,
        message: 'the delivery has more entries, or longer paths, than the archive accepts',
        expected: `at most ${limits.entries} entries and ${limits.listingCharacters} characters of paths`,
        found: `${entries.length + entriesBeyondLimits} entries`,
      };
    },
  },
  {
    code: 'archive.too-large',
    severity: 'reject',
    section: '§2',
    statement: 'Files and deliveries do not exceed the sizes that the archive accepts.',
    reason: 'A size far beyond any real delivery is damage or an attack, and would fill the object store.',
    example: 'An entry announces a size of 8 EiB.',
    remedy: 'Check the sizes in the tar; for a real delivery of this size, contact the archive operators.',
    *check({ files, bytes, limits }) {
      for (const file of files) {
        if (file.size <= limits.fileBytes) continue;
        yield {
          file: file.path,
          message: 'the file is larger than the archive accepts',
          expected: `at most ${limits.fileBytes} bytes`,
          found: `${file.size} bytes`,
        };
      }
      if (bytes <= limits.deliveryBytes || files.some(({ size }) => size > limits.fileBytes)) return;
      yield {
        file: null,
        message: 'the delivery is larger than the archive accepts',
        expected: `at most ${limits.deliveryBytes} bytes`,
        found: `${bytes} bytes`,
      };
    },
  },
]);

function pathsThat(broken: (entry: InventoryEntry) => boolean, message: string, expected: string): Rule['check'] {
  return function* ({ entries }: Inventory): Iterable<Violation | null> {
    for (const entry of withPauses(entries)) {
      if (entry === null) yield null;
      else if (broken(entry)) yield { file: entry.path, message, expected, found: listed([entry.path]) };
    }
  };
}

function entriesOfType(types: readonly EntryType[]): Rule['check'] {
  return function* ({ entries }: Inventory): Iterable<Violation> {
    for (const { path, type, role } of entries) {
      // An editor leaves links, too: Emacs locks a file with a link `.#<name>`.
      if (!types.includes(type) || role === 'litter') continue;
      yield { file: path, message: `the entry is a ${type}`, expected: 'a regular file or a directory', found: type };
    }
  };
}

function tooLong(file: string, what: string, bytes: number, most: number): Violation {
  return { file, message: `${what} is too long`, expected: `at most ${most} bytes`, found: `${bytes} bytes` };
}
