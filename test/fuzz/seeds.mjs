import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headerOffsets } from './mutations.mjs';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const PIPELINE = '2013.1.09999.S_uid___A001_X1_Xa4_1_of_1.tar';
const FITS_BLOCK = 2880;
const CARD = 80;
/** Pixels along an axis: few, so that ten thousand files are read in minutes. */
const AXIS = 8;
/** Bytes kept of each log and image file. */
const KEPT = 16_384;

/**
 * Returns what is mutated: the sample's pipeline delivery with small images, packed in four formats, and its files.
 * @returns {{ name: string, tars: { bytes: Buffer, headers: number[] }[], entries: { path: string, bytes: Buffer }[] }}
 */
export function seeds() {
  const folder = mkdtempSync(join(tmpdir(), 'almagest-fuzz-'));
  try {
    execFileSync('tar', ['-xf', join(EXAMPLES, PIPELINE), '-C', folder]);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) shrink(join(parentPath, name));
    const tars = [
      ['--format=ustar', '--exclude=*plots*'],
      ['--format=posix'],
      ['--format=gnu', '--sparse'],
      ['--format=posix', '--sparse', '--sparse-version=1.0'],
    ].map((options) => pack(folder, options));
    const entries = files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { path: path.slice(folder.length + 1), bytes: readFileSync(path) };
    });
    return { name: PIPELINE, tars, entries };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pack(folder, options) {
  const bytes = execFileSync('tar', [...options, '-cf', '-', '-C', folder, '2013.1.09999.S'], { maxBuffer: 1 << 28 });
  return { bytes, headers: headerOffsets(bytes) };
}

function shrink(path) {
  const bytes = readFileSync(path);
  if (path.endsWith('.fits')) writeFileSync(path, smallImage(bytes));
  else if (path.endsWith('.log')) {
    writeFileSync(path, bytes.subarray(0, KEPT));
    // Adds a hole, for the formats with sparse members.
    truncateSync(path, 8 * KEPT);
  } else if (path.endsWith('.png')) writeFileSync(path, bytes.subarray(0, KEPT));
}

/** Returns the first image with its header, reduced to a few pixels along each axis. */
function smallImage(bytes) {
  const header = Buffer.from(bytes.subarray(0, headerLength(bytes)));
  let pixels = 1;
  for (let at = 0; at < header.length; at += CARD) {
    const card = /^NAXIS[1-9] {2}= +(\d+)/.exec(header.toString('latin1', at, at + CARD));
    if (card === null) continue;
    const length = Math.min(AXIS, Number(card[1]));
    pixels *= length;
    header.write(String(length).padStart(20), at + 10, 'latin1');
  }
  const data = Buffer.alloc(Math.ceil((4 * pixels) / FITS_BLOCK) * FITS_BLOCK);
  for (let index = 0; index < pixels; index++) data.writeFloatBE(Math.sin(index) / 2 + 0.5, 4 * index);
  return Buffer.concat([header, data]);
}

/** Returns the bytes of the first header, including the padding of its last block. */
export function headerLength(bytes) {
  for (let at = 0; at < bytes.length; at += CARD) {
    if (bytes.toString('latin1', at, at + CARD).trimEnd() === 'END')
      return Math.ceil((at + CARD) / FITS_BLOCK) * FITS_BLOCK;
  }
  throw new Error('a FITS file of the sample has no END card');
}
