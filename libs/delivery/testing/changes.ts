import { FitsInspector } from '@almagest/fits';
import { parseUid } from '@almagest/ous';
import { sampleContent, type SampleDelivery, type SampleEntry } from './sample-delivery';
import { tgz, type TgzEntry } from './tgz';

/** A change to a delivery of the sample. */
export type Change = (sample: SampleDelivery) => void | Promise<void>;

/** Returns the path of an entry below the directory of the ObsUnitSet. */
const below = (sample: SampleDelivery, entry: SampleEntry): string => entry.path.slice(sample.tree.length + 1);
const entryOf = (path: string): SampleEntry => ({ path, type: 'file', size: 1, item: null, role: null });

export function all(...changes: readonly Change[]): Change {
  return async (sample) => {
    for (const change of changes) await change(sample);
  };
}

/** Removes the entries that have one of the paths. */
export function remove(...names: readonly (string | RegExp)[]): Change {
  return (sample) => {
    let removed = 0;
    for (const part of sample.parts) {
      const kept = part.entries.filter((entry) => {
        const path = below(sample, entry);
        return !names.some((name) => (typeof name === 'string' ? path === name : name.test(path)));
      });
      removed += part.entries.length - kept.length;
      part.entries = kept;
    }
    if (removed === 0) throw new Error('nothing was removed');
  };
}

/** Adds files below the directory of the ObsUnitSet, in the last part. */
export function add(...names: readonly string[]): Change {
  return (sample) => {
    sample.parts.at(-1)?.entries.push(...names.map((name) => entryOf(`${sample.tree}/${name}`)));
  };
}

/** Adds a file at exactly this path. */
export function addAt(path: string): Change {
  return (sample) => {
    sample.parts.at(-1)?.entries.push(entryOf(path));
  };
}

/** Adds an empty part. */
export function addPart(name: string): Change {
  return (sample) => {
    sample.parts.push({ name, entries: [] });
  };
}

export function alter(
  name: string,
  change: Partial<SampleEntry> | ((entry: SampleEntry) => Partial<SampleEntry>),
): Change {
  return (sample) => {
    const entry = sample.parts.flatMap(({ entries }) => entries).find((each) => below(sample, each) === name);
    if (!entry) throw new Error(`${name} is not in the sample`);
    Object.assign(entry, typeof change === 'function' ? change(entry) : change);
  };
}

/** Empties a file. */
export function emptied(name: string): Change {
  return alter(name, { size: 0, content: () => Buffer.alloc(0) });
}

/** Gives a file another path. */
export function moved(from: string, to: string): Change {
  return (sample) => alter(from, { path: `${sample.tree}/${to}` })(sample);
}

/** Changes the text of a file. */
export function edit(name: string, change: (text: string) => string): Change {
  return alter(name, ({ content }) => {
    const before = content?.().toString('utf8') ?? '';
    const after = change(before);
    if (after === before) throw new Error(`${name} was not changed`);
    return { content: () => Buffer.from(after) };
  });
}

/** Changes the header text of a FITS file without changing its length. */
export function editFits(name: string, from: string | RegExp, to: string): Change {
  return alter(name, ({ content }) => {
    const before = content?.().toString('latin1') ?? '';
    const after = before.replace(from, to);
    if (after === before || after.length !== before.length) throw new Error(`${name} was not changed in place`);
    return { content: () => Buffer.from(after, 'latin1') };
  });
}

/** For `alter`: sets every pixel of an image to NaN. */
export function blanked({ content }: SampleEntry): Partial<SampleEntry> {
  const bytes = Buffer.from(content?.() ?? Buffer.alloc(0));
  const inspector = new FitsInspector();
  inspector.write(bytes);
  const { contents } = inspector.end();
  for (const { dataOffset, dataLength } of contents) bytes.fill(0xff, dataOffset, dataOffset + dataLength);
  return { content: () => bytes };
}

/** Returns a FITS file that has only a header. */
export function headerOnly(): Buffer {
  const cards = [
    'SIMPLE  =                    T',
    'BITPIX  =                    8',
    'NAXIS   =                    0',
    'END',
  ];
  return Buffer.from(
    cards
      .map((card) => card.padEnd(80))
      .join('')
      .padEnd(2880),
  );
}

/** Replaces the content of a file with that of another. */
export function copyContent(from: string, to: string): Change {
  return (sample) => alter(to, { content: () => sampleContent(sample, from) })(sample);
}

/** Replaces the content of a file with an archive of the entries. */
export function archive(name: string, ...entries: readonly TgzEntry[]): Change {
  return async (sample) => {
    const content = await tgz(entries);
    await alter(name, { content: () => content })(sample);
  };
}

/** For `alter`: keeps only the first half of the content. */
export function cutInHalf({ content, size }: SampleEntry): Partial<SampleEntry> {
  return { content: () => content?.().subarray(0, size / 2) ?? Buffer.alloc(0) };
}

/** Adds a raw part of the sample with changed entries. */
export function addRaw(change: (entries: SampleEntry[]) => SampleEntry[] = (entries) => entries): Change {
  return ({ parts, rawParts }) => {
    const [first] = rawParts;
    if (first) parts.push({ ...first, entries: change(first.entries) });
  };
}

export function renamePart(index: number, from: string, to: string): Change {
  return ({ parts }) => {
    const part = parts[index];
    if (part) part.name = part.name.replace(from, to);
  };
}

/** Makes the first part end with a problem of the codec. */
export function breakPart(code: string): Change {
  return ({ parts }) => {
    const [part] = parts;
    if (part) part.problem = { code, offset: 1024, expected: 'a tar archive', found: 'something else' };
  };
}

/** Posts an additional execution block that has no files. */
export const postBlock: Change = (sample) => {
  if (!sample.posted) return;
  const block = { uid: parseUid('uid://A002/X1/Xbf'), use: 'used' as const };
  sample.posted = { ...sample.posted, executionBlocks: [...sample.posted.executionBlocks, block] };
};
