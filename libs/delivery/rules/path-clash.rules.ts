import { type Inventory, type InventoryEntry, isLink } from '../inventory/inventory';
import { ruleFamily, withPauses, type Violation } from './rule';

/** Rules about two entries that cannot both be unpacked. */
export const pathClashRules = ruleFamily([
  {
    code: 'archive.duplicate-path',
    severity: 'reject',
    section: '§2',
    statement: 'Each file occurs once in the delivery, over all its parts.',
    reason: 'If two files have the same path, only the one unpacked last remains, and nothing says which is correct.',
    example: '`script/scriptForPI.py` is in part 1 and again in part 2.',
    remedy: 'Keep the file in one part only. A directory may occur in every part.',
    check: duplicates,
  },
  {
    code: 'archive.file-and-directory',
    severity: 'reject',
    section: '§3',
    statement: 'No path is both a file and a directory.',
    reason: 'Only one of the two can be unpacked.',
    example: '`script` is a file, and `script/scriptForPI.py` is in the delivery too.',
    remedy: 'Rename one of the two.',
    check: filesAsDirectories,
  },
  {
    code: 'archive.case-collision',
    severity: 'reject',
    section: '§3',
    statement: 'No two paths differ only in upper and lower case or in the encoding of an accent.',
    reason: 'On the file systems of macOS and Windows one of the two overwrites the other.',
    example: '`log/imaging.log` and `log/Imaging.log` are both in the delivery.',
    remedy: 'Rename one of the two.',
    check: caseCollisions,
  },
]);

/** What clashes with others at a path: an entry, or a directory above one. */
interface Claim {
  isLitter: boolean;
  isLink: boolean;
}

function claimOf({ role, type }: InventoryEntry): Claim {
  return { isLitter: role === 'litter', isLink: isLink(type) };
}

/**
 * Nobody misses litter that something else replaces. A link is different: what is unpacked over it, or below it, may
 * follow it out of the tree.
 */
function clashes(one: Claim, other: Claim): boolean {
  return (!one.isLitter && !other.isLitter) || one.isLink !== other.isLink;
}

function* duplicates({ entries, parts }: Inventory): Iterable<Violation | null> {
  const seen = new Map<string, InventoryEntry>();
  for (const entry of withPauses(entries)) {
    if (entry === null) {
      yield null;
      continue;
    }
    if (entry.type === 'directory' || entry.key === '') continue;
    const before = seen.get(entry.key);
    if (!before) {
      seen.set(entry.key, entry);
      continue;
    }
    if (!clashes(claimOf(before), claimOf(entry))) continue;
    const [first, second] = [parts[before.part]?.name, parts[entry.part]?.name];
    yield {
      file: entry.path,
      message: 'the same path occurs twice in the delivery',
      expected: 'one file with this path',
      found: first === second ? `twice in ${first ?? 'the tree'}` : `in ${first} and in ${second}`,
    };
  }
}

function* filesAsDirectories({ entries }: Inventory): Iterable<Violation | null> {
  const files = new Map(entries.filter(({ type }) => type !== 'directory').map((entry) => [entry.key, claimOf(entry)]));
  files.delete('');
  const reported = new Set<string>();
  const visited = new Set<string>();
  for (const entry of withPauses(entries)) {
    if (entry === null) {
      yield null;
      continue;
    }
    const clash =
      entry.type === 'directory' && files.has(entry.key) ? entry.key : ancestorIn(files, entry.key, visited);
    const file = clash === null ? undefined : files.get(clash);
    if (clash === null || file === undefined || reported.has(clash)) continue;
    if (!clashes(file, { ...claimOf(entry), isLink: false })) continue;
    reported.add(clash);
    yield {
      file: entry.path,
      message: 'a path of the delivery is both a file and a directory',
      expected: `"${clash}" to be either a file or a directory`,
      found: 'both',
    };
  }
}

/** Returns the directory above `key` that is among the files; skips directories that were visited before. */
function ancestorIn(files: ReadonlyMap<string, unknown>, key: string, visited: Set<string>): string | null {
  for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
    const directory = key.slice(0, slash);
    if (visited.has(directory)) return null;
    visited.add(directory);
    if (files.has(directory)) return directory;
  }
  return null;
}

/** Compares each name with its siblings only, so that two colliding directories do not report their files again. */
function* caseCollisions({ entries }: Inventory): Iterable<Violation | null> {
  const directories = new Map<string, Map<string, Claim & { name: string }>>();
  for (const entry of withPauses(entries)) {
    if (entry === null) {
      yield null;
      continue;
    }
    const { key, path } = entry;
    const claim = claimOf(entry);
    for (const { parent, name, isWhole } of unseenNames(key, directories)) {
      const beside = directories.get(parent) ?? new Map<string, Claim & { name: string }>();
      directories.set(parent, beside);
      const folded = foldedName(name);
      const before = beside.get(folded);
      const found = { ...claim, name, isLink: claim.isLink && isWhole };
      if (before === undefined) beside.set(folded, found);
      else if (before.name !== name && clashes(before, found)) {
        yield {
          file: path,
          message: 'two paths differ only in upper and lower case, or in the encoding of an accent',
          expected: 'names that also differ in another way',
          found: `"${before.name}" and "${name}" in ${parent === '' ? 'the top directory' : parent}`,
        };
      }
    }
  }
}

/** Most names are in ASCII, which has nothing to normalise. */
function foldedName(name: string): string {
  if (/^[\x00-\x7f]*$/.test(name)) return name.toLowerCase();
  return name.normalize('NFC').toLowerCase().normalize('NFC');
}

/** A name in its directory; `isWhole` for the last name of the path, not for a directory above it. */
interface UnseenName {
  parent: string;
  name: string;
  isWhole: boolean;
}

/** Returns the last name of a path, and the names of the directories above it that no earlier path contained. */
function unseenNames(key: string, seen: ReadonlyMap<string, unknown>): UnseenName[] {
  const names: UnseenName[] = [];
  for (let end = key.length; end > 0;) {
    const slash = key.lastIndexOf('/', end - 1);
    const parent = key.slice(0, Math.max(slash, 0));
    names.unshift({ parent, name: key.slice(slash + 1, end), isWhole: end === key.length });
    if (seen.has(parent)) break;
    end = slash;
  }
  return names;
}
