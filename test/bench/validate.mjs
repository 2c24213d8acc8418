import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MB = 1e6;
const WORK = fileURLToPath(new URL('../../.cache/bench-validate', import.meta.url));
const MEASURE = fileURLToPath(new URL('validate-measure.mjs', import.meta.url));
const FITS_BLOCK = 2880;
const AXIS = 1000;
/** Bytes of one channel, float32. */
const PLANE = 4 * AXIS * AXIS;
const COMPARED = 1000 * MB;
const SIZES = [100 * MB, COMPARED, 4000 * MB];

/** Runs one measurement in a separate process, so that its memory is measured alone. */
function measure(what, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MEASURE, what, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${what} failed: ${stderr}`);
  return JSON.parse(stdout);
}

function card(keyword, value) {
  return `${keyword.padEnd(8)}= ${String(value).padStart(20)}`.padEnd(80);
}

/** Writes a cube whose channels all have the same plane. Returns its size in bytes. */
function writeCube(path, bytes, plane) {
  const channels = Math.round(bytes / PLANE);
  const cards = [
    card('SIMPLE', 'T'),
    card('BITPIX', -32),
    card('NAXIS', 3),
    ...[AXIS, AXIS, channels].map((length, index) => card(`NAXIS${index + 1}`, length)),
    card('BUNIT', "'Jy/beam '"),
    'END'.padEnd(80),
  ];
  const file = openSync(path, 'w');
  writeSync(file, cards.join('').padEnd(FITS_BLOCK));
  for (let channel = 0; channel < channels; channel++) writeSync(file, plane);
  const used = (channels * PLANE) % FITS_BLOCK;
  if (used > 0) writeSync(file, Buffer.alloc(FITS_BLOCK - used));
  closeSync(file);
  return statSync(path).size;
}

/** Returns white noise of sigma 1 mJy/beam, undefined at one edge, and its primary beam. */
function planes() {
  const [noise, beam] = [Buffer.alloc(PLANE), Buffer.alloc(PLANE)];
  for (let index = 0; index < PLANE / 4; index++) {
    const isOutside = index % AXIS < AXIS / 10;
    const deviate = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
    noise.writeFloatBE(isOutside ? NaN : deviate * 1e-3, 4 * index);
    beam.writeFloatBE(isOutside ? NaN : 0.2 + (0.8 * (index % AXIS)) / AXIS, 4 * index);
  }
  return { noise, beam };
}

/** Timed by the shell, because only the parent process can measure a child's processor time. */
function openssl(path) {
  const script = 'TIMEFORMAT="%R %U %S"; time openssl dgst -sha256 "$0" > /dev/null';
  const { status, stderr } = spawnSync('bash', ['-c', script, path], { encoding: 'utf8' });
  const [seconds, user, system] = stderr.trim().split(' ').map(Number);
  if (status !== 0 || !(seconds > 0)) throw new Error(`openssl failed: ${stderr}`);
  return { seconds, cpu: user + system };
}

function row(...cells) {
  const widths = [46, 10, 10, 12, 12];
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index]))).join('');
}

function figures(what, { seconds, cpu, maxRss }, bytes) {
  const rate = bytes === undefined ? '' : `${(bytes / MB / seconds).toFixed(0)} MB/s`;
  return row(
    what,
    `${seconds.toFixed(2)} s`,
    `${cpu.toFixed(2)} s`,
    rate,
    maxRss === undefined ? '' : `${(maxRss / MB).toFixed(0)} MB`,
  );
}

const lines = [];
const print = (line) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};

mkdirSync(WORK, { recursive: true });
try {
  print(`Node ${process.version}, ${availableParallelism()} processors`);
  print(row('', 'time', 'processor', 'rate', 'max RSS'));
  print(figures('classify and check 100,000 entries', measure('listing', '100000')));
  const { noise, beam } = planes();
  for (const size of SIZES) {
    const [image, primaryBeam] = ['cube.pbcor.fits', 'cube.flux.fits'].map((name) => join(WORK, name));
    const bytes = writeCube(image, size, noise);
    writeCube(primaryBeam, size, beam);
    const label = `${(size / MB).toFixed(0)} MB cube`;
    const plain = size === COMPARED ? openssl(image) : null;
    const alone = measure('inspect', image);
    const both = measure('verify', image, primaryBeam);
    print(figures(`${label}: hash, header, statistics, sample`, alone, bytes));
    print(figures(`${label} and its primary beam: the same, and rms`, both, 2 * bytes));
    if (plain !== null) {
      print(figures(`${label}: openssl dgst -sha256`, plain, bytes));
      for (const by of ['seconds', 'cpu']) {
        const part = (each, files) => `${((100 * files * plain[by]) / each[by]).toFixed(0)} %`;
        const what = by === 'cpu' ? 'per second of processor time' : 'per second of elapsed time';
        print(`  of openssl's rate ${what}: ${part(alone, 1)} for the image, ${part(both, 2)} for both and their rms`);
      }
    }
  }
} finally {
  rmSync(WORK, { recursive: true, force: true });
}
