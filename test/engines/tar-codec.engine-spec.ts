import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TarEntry, TarReader } from '@almagest/tar';
import { extract } from 'tar-stream';
import { makeTrees, TAR_WRITERS } from './tar-writers';

interface ListedMember {
  path: string;
  type: string;
  size: number;
  offset: number;
  headerOffset: number;
  mode: number;
  seconds: number;
  linkPath: string | null;
  stretches: [at: number, length: number][] | null;
  sha256: string | null;
}

const BLOCK = 512;
/** tar-stream reads v7 archives only with this option, which its types lack. */
const ANY_FORMAT = { highWaterMark: 65_536, allowUnknownFormat: true };
let folder: string;
let python: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'almagest-codecs-'));
  python = execFileSync(process.execPath, [join(__dirname, 'python.mjs')])
    .toString()
    .trim();
  execFileSync(process.execPath, [join(__dirname, 'bsdtar.mjs')]);
  makeTrees(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the archive with this project's reader, in chunks that end anywhere. */
function read(archive: string): { members: ListedMember[]; entries: TarEntry[] } {
  const [entries, members]: [TarEntry[], ListedMember[]] = [[], []];
  const reader = new TarReader({
    onEntry: (entry) => {
      const hash = createHash('sha256');
      entries.push(entry);
      return {
        data: (chunk) => void hash.update(chunk),
        end: () => void members.push(toMember(entry, hash.digest('hex'))),
      };
    },
  });
  const bytes = readFileSync(archive);
  for (let at = 0; at < bytes.length; at += 7001) reader.write(bytes.subarray(at, at + 7001));
  reader.end();
  return { members, entries };
}

function toMember(entry: TarEntry, sha256: string): ListedMember {
  const { path, type, size, offset, headerOffset, mode, linkPath, segments } = entry;
  const stretches = segments && segments.map(({ at, length }): [number, number] => [at, length]);
  const seconds = Math.floor((entry.mtime?.getTime() ?? NaN) / 1000);
  const content = type === 'file' ? sha256 : null;
  return { path, type, size, offset, headerOffset, mode, seconds, linkPath, stretches, sha256: content };
}

/** Returns the archive's members as Python's tarfile reads them. */
function listed(archive: string): ListedMember[] {
  const output = execFileSync(python, [join(__dirname, 'list-tar.py'), archive], { maxBuffer: 1 << 26 });
  return JSON.parse(output.toString()) as ListedMember[];
}

/** Returns the block numbers of GNU tar by member name. */
function gnuBlocks(archive: string): Map<string, number> {
  const options = [
    '--list',
    '--block-number',
    '--quoting-style=literal',
    '--show-transformed-names',
    '--file',
    archive,
  ];
  const lines = execFileSync('tar', options).toString().trimEnd().split('\n');
  const found = lines.flatMap((line) => {
    const match = /^block (\d+): (.*?)\/?$/.exec(line);
    return match && !match[2]?.startsWith('** ') ? [[match[2] ?? '', Number(match[1])] as const] : [];
  });
  return new Map(found);
}

/** GNU tar counts a member from its GNU long name, but not from its pax headers. Returns the offset after those. */
function afterPaxHeaders(bytes: Buffer, at: number): number {
  if (!'xg'.includes(String.fromCharCode(bytes[at + 156] ?? 0))) return at;
  const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 136), 8);
  return afterPaxHeaders(bytes, at + BLOCK + Math.ceil(size / BLOCK) * BLOCK);
}

describe.each(TAR_WRITERS)('an archive by $program, format $format, of the $tree tree', (writer) => {
  let archive: string;
  beforeAll(async () => {
    archive = join(folder, `${writer.program}-${writer.format}-${writer.tree}.tar`.replaceAll(/[^\w.-]/g, '_'));
    await writer.write(archive, join(folder, writer.tree, 'tree'), python);
  });

  it('is indexed as Python’s tarfile indexes it', () => {
    const { members } = read(archive);
    expect(members.length).toBeGreaterThan(4);
    expect(members).toEqual(listed(archive));
  });

  it('has its members in the blocks that GNU tar reports', () => {
    const blocks = gnuBlocks(archive);
    const { members } = read(archive);
    const bytes = readFileSync(archive);
    expect(members.map(({ path }) => [path, blocks.get(path)])).toEqual(
      members.map(({ path, headerOffset }) => [path, afterPaxHeaders(bytes, headerOffset) / BLOCK]),
    );
  });

  it('has the bytes of every member at its offsets', () => {
    const bytes = readFileSync(archive);
    const { entries, members } = read(archive);
    for (const [index, { offset, size, segments, type }] of entries.entries()) {
      const content = Buffer.alloc(type === 'file' ? size : 0);
      const all = segments ?? [{ at: 0, offset, length: content.length }];
      for (const { at, offset: from, length } of all) bytes.copy(content, at, from, from + length);
      expect(createHash('sha256').update(content).digest('hex')).toBe(
        members[index]?.sha256 ?? createHash('sha256').digest('hex'),
      );
    }
  });

  if (writer.tree !== 'sparse') {
    it('is read as node’s tar-stream reads it', async () => {
      const seen: [name: string, size: number, sha256: string][] = [];
      for await (const entry of createReadStream(archive).pipe(extract(ANY_FORMAT))) {
        const hash = createHash('sha256');
        for await (const chunk of entry as AsyncIterable<Buffer>) hash.update(chunk);
        const { name, size = 0 } = entry.header;
        seen.push([name.replace(/\/$/, ''), size, hash.digest('hex')]);
      }
      const nothing = createHash('sha256').digest('hex');
      expect(seen).toEqual(read(archive).members.map(({ path, size, sha256 }) => [path, size, sha256 ?? nothing]));
    });
  }
});
