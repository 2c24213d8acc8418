import type { Inventory, InventoryEntry } from '../inventory/inventory';
import { ruleFamily, type Violation } from './rule';

/** Rules about two entries that cannot both be unpacked. */
export const pathClashRules = ruleFamily([
  {
    code: 'archive.duplicate-path',
    severity: 'reject',
    section: '§2',
    statement: 'A file is in the delivery once, over all its parts.',
    reason: 'Of two files with one path only the one unpacked last survives, and nobody knows which was meant.',
    example: '`script/scriptForPI.py` is in part 1 and again in part 2.',
    remedy: 'Keep the file in one part. A directory may be repeated in every part.',
    check: duplicates,
  },
  {
    code: 'archive.file-and-directory',
    severity: 'reject',
    section: '§3',
    statement: 'No path is both a file and a directory.',
    reason: 'Only one of the two can be unpacked.',
    example: '`script` is a file and `script/scriptForPI.py` is in the delivery too.',
    remedy: 'Rename one of the two.',
    check: filesAsDirectories,
  },
  {
    code: 'archive.case-collision',
    severity: 'reject',
    section: '§3',
    statement: 'No two paths differ only in upper and lower case or in how an accent is encoded.',
    reason: 'On the file systems of macOS and Windows one of the two overwrites the other.',
    example: '`log/imaging.log` and `log/Imaging.log` are both in the delivery.',
    remedy: 'Rename one of the two.',
    check: caseCollisions,
  },
]);

function* duplicates({ entries, parts }: Inventory): Iterable<Violation> {
  const seen = new Map<string, InventoryEntry>();
  for (const entry of entries) {
    if (entry.type === 'directory' || entry.key === '') continue;
    const before = seen.get(entry.key);
    if (!before) {
      seen.set(entry.key, entry);
      continue;
    }
    const [first, second] = [parts[before.part]?.name, parts[entry.part]?.name];
    yield {
      file: entry.path,
      message: 'the same path is in the delivery twice',
      expected: 'one file of this path',
      found: first === second ? `twice in ${first ?? 'the tree'}` : `in ${first} and in ${second}`,
    };
  }
}

function* filesAsDirectories({ entries }: Inventory): Iterable<Violation> {
  const files = new Set(entries.filter((entry) => entry.type !== 'directory').map((entry) => entry.key));
  files.delete('');
  const told = new Set<string>();
  const looked = new Set<string>();
  for (const entry of entries) {
    const clash = entry.type === 'directory' && files.has(entry.key) ? entry.key : ancestorIn(files, entry.key, looked);
    if (clash === null || told.has(clash)) continue;
    told.add(clash);
    yield {
      file: entry.path,
      message: 'a file of the delivery has the path of a directory',
      expected: `"${clash}" to be either a file or a directory`,
      found: 'both',
    };
  }
}

/** The directory above `key` that is among the files; directories already looked at are not looked at again. */
function ancestorIn(files: ReadonlySet<string>, key: string, looked: Set<string>): string | null {
  for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
    const directory = key.slice(0, slash);
    if (looked.has(directory)) return null;
    looked.add(directory);
    if (files.has(directory)) return directory;
  }
  return null;
}

function* caseCollisions({ entries }: Inventory): Iterable<Violation> {
  const spelling = new Map<string, string>();
  const looked = new Set<string>();
  for (const { key, path } of entries) {
    for (const prefix of unseenPrefixes(key, looked)) {
      const folded = prefix.normalize('NFC').toLowerCase().normalize('NFC');
      const before = spelling.get(folded);
      if (before === undefined) spelling.set(folded, prefix);
      else if (before !== prefix && sameParent(before, prefix)) {
        yield {
          file: path,
          message: 'two paths differ only in upper and lower case, or in the encoding of an accent',
          expected: 'names that differ in more',
          found: `"${before}" and "${prefix}"`,
        };
      }
    }
  }
}

/** Every prefix of the path, itself included, that was not given before, shortest first. */
function unseenPrefixes(key: string, looked: Set<string>): string[] {
  const prefixes: string[] = [];
  for (let end = key.length; end > 0 && !looked.has(key.slice(0, end)); end = key.lastIndexOf('/', end - 1)) {
    const prefix = key.slice(0, end);
    looked.add(prefix);
    prefixes.unshift(prefix);
  }
  return prefixes;
}

/** Below a directory that collides already, its files are no news. */
function sameParent(left: string, right: string): boolean {
  return left.slice(0, left.lastIndexOf('/') + 1) === right.slice(0, right.lastIndexOf('/') + 1);
}
