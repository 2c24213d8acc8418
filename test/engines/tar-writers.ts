import { execFileSync } from 'node:child_process';
import {
  createWriteStream,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { appendFileSync, openSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';

/** A program that writes tar archives, and one of its formats. */
export interface TarWriter {
  program: 'GNU tar' | 'bsdtar' | 'Python tarfile' | 'tar-stream';
  format: string;
  /** The tree of `makeTrees` that it packs: old formats do not support long names. */
  tree: 'plain' | 'long' | 'sparse';
  write(archive: string, tree: string, python: string): void | Promise<void>;
}

const LARGEST_GAP = 8 * 1024 * 1024;

function program(name: string, ...options: string[]): TarWriter['write'] {
  return (archive, tree) => {
    execFileSync(name, [...options, '-cf', archive, '-C', join(tree, '..'), 'tree'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
}

const gnu = (format: string, tree: TarWriter['tree'], ...options: string[]): TarWriter => ({
  program: 'GNU tar',
  format: [format, ...options].join(' '),
  tree,
  write: program('tar', `--format=${format}`, '--sort=name', ...options),
});

const bsd = (format: string, tree: TarWriter['tree'], ...options: string[]): TarWriter => ({
  program: 'bsdtar',
  format: [format, ...options].join(' '),
  tree,
  write: program('bsdtar', '--format', format, ...options),
});

const py = (format: string, tree: TarWriter['tree']): TarWriter => ({
  program: 'Python tarfile',
  format,
  tree,
  write: (archive, from, python) => {
    execFileSync(python, [join(__dirname, 'write-tar.py'), format, archive, from]);
  },
});

/** Every format of every program, with the trees that it supports. */
export const TAR_WRITERS: readonly TarWriter[] = [
  gnu('v7', 'plain'),
  ...['oldgnu', 'gnu', 'ustar', 'posix'].map((format) => gnu(format, 'plain')),
  ...['oldgnu', 'gnu', 'posix'].map((format) => gnu(format, 'long')),
  gnu('posix', 'long', '--pax-option=globexthdr.name=global,comment:=almagest'),
  ...['oldgnu', 'gnu'].map((format) => gnu(format, 'sparse', '--sparse')),
  ...['0.0', '0.1', '1.0'].map((version) => gnu('posix', 'sparse', '--sparse', `--sparse-version=${version}`)),
  ...['v7', 'ustar', 'gnutar', 'paxr', 'pax'].map((format) => bsd(format, 'plain')),
  ...['gnutar', 'paxr', 'pax'].map((format) => bsd(format, 'long')),
  bsd('pax', 'sparse', '--read-sparse'),
  ...['ustar', 'gnu', 'pax'].map((format) => py(format, 'plain')),
  ...['gnu', 'pax'].map((format) => py(format, 'long')),
  ...(['plain', 'long'] as const).map((tree) => ({
    program: 'tar-stream' as const,
    format: 'ustar and pax',
    tree,
    write: (archive: string, from: string) => packTree(archive, from),
  })),
];

/** Creates the three trees in the folder: `plain/tree`, `long/tree` and `sparse/tree`. */
export function makeTrees(folder: string): void {
  for (const name of ['plain', 'long', 'sparse']) mkdirSync(join(folder, name, 'tree'), { recursive: true });
  fillPlain(join(folder, 'plain/tree'));
  fillPlain(join(folder, 'long/tree'));
  fillLong(join(folder, 'long/tree'));
  fillSparse(join(folder, 'sparse/tree'));
}

function fillPlain(tree: string): void {
  mkdirSync(join(tree, 'product'));
  mkdirSync(join(tree, 'empty'));
  for (const size of [0, 1, 511, 512, 513, 1024, 70_001]) {
    writeFileSync(join(tree, `product/of-${size}.fits`), Buffer.alloc(size, `${size} `), { mode: 0o640 });
  }
  symlinkSync('of-1.fits', join(tree, 'product/symbolic'));
  linkSync(join(tree, 'product/of-513.fits'), join(tree, 'product/z-hard'));
}

function fillLong(tree: string): void {
  writeFileSync(join(tree, 'Ångström α.txt'), 'UTF-8');
  const prefixed = join(tree, 'p'.repeat(90));
  mkdirSync(prefixed);
  for (const length of [50, 100, 101, 155, 200]) writeFileSync(join(prefixed, 'n'.repeat(length)), `${length}`);
  const deep = join(tree, 'd'.repeat(200), 'e'.repeat(200));
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, 'f'.repeat(200)), 'deep');
  symlinkSync('t'.repeat(150), join(tree, 'link-to-long'));
}

/** Writes data between holes: one file has enough of both for GNU's extension blocks. */
function fillSparse(tree: string): void {
  const stretches = (path: string, offsets: readonly number[], size: number): void => {
    const file = openSync(path, 'w');
    for (const offset of offsets) writeSync(file, Buffer.alloc(5000, `at ${offset} `), 0, 5000, offset);
    closeSync(file);
    truncateSync(path, size);
  };
  stretches(join(tree, 'all-hole'), [], LARGEST_GAP);
  stretches(join(tree, 'hole-first'), [LARGEST_GAP], LARGEST_GAP + 5000);
  stretches(join(tree, 'hole-last'), [0], LARGEST_GAP);
  const many = Array.from({ length: 60 }, (_, index) => index * 65_536);
  stretches(join(tree, 'many'), many, 60 * 65_536);
  writeFileSync(join(tree, 'without'), 'no hole');
  appendFileSync(join(tree, 'without'), 'at all');
}

async function packTree(archive: string, tree: string): Promise<void> {
  const packing = pack();
  const written = pipeline(packing, createWriteStream(archive));
  const walk = (path: string, name: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const [at, as] = [join(path, entry.name), `${name}/${entry.name}`];
      if (entry.isSymbolicLink()) packing.entry({ name: as, type: 'symlink', linkname: 'elsewhere' });
      else if (entry.isFile()) packing.entry({ name: as, mode: statSync(at).mode & 0o777 }, readFileSync(at));
      else {
        packing.entry({ name: `${as}/`, type: 'directory' });
        walk(at, as);
      }
    }
  };
  walk(tree, 'tree');
  packing.finalize();
  await written;
}
