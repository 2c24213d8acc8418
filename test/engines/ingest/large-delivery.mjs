// A delivery of any size: the sample's 7 m MemberOUS with enough added images to fill the part.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { extract, pack } from 'tar-stream';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const NAME = '2013.1.09999.S_uid___A001_X1_Xa4_1_of_1.tar';
const FITS_RECORD = 2880;
/** Pixels of an added image along its axes: 13 MB, the mean of the 2,427 products of a real 33 GB delivery. */
const SHAPE = [160, 160, 128];
/** Where the primary beam is below this, neither it nor the image is defined. */
const BEAM_LIMIT = 0.2;

/**
 * Creates the part once: it is kept in `folder` under a name with its size.
 * @param {string} folder
 * @param {number} bytes the part has at least that many, and less than 27 MB more
 * @returns {Promise<object>} the QA2 result to post
 */
export async function largeDelivery(folder, bytes) {
  const path = join(folder, `part-${bytes}.tar`);
  const known = await readFile(`${path}.json`, 'utf8').catch(() => null);
  const { size, sha256 } = known === null ? await make(path, bytes) : JSON.parse(known);
  const result = JSON.parse(await readFile(join(EXAMPLES, '2-member-7m.json'), 'utf8'));
  const location = pathToFileURL(path).href;
  for (const block of result.executionBlocks) {
    block.asdm.location = pathToFileURL(join(EXAMPLES, block.asdm.location)).href;
  }
  return { ...result, parts: [{ name: NAME, location, size, sha256 }] };
}

async function make(path, bytes) {
  const tar = pack();
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const writing = pipeline(tar, hashing, createWriteStream(`${path}.new`, { highWaterMark: 4 * 1024 * 1024 }));
  await fill(tar, bytes);
  tar.finalize();
  await writing;
  const facts = { size: (await stat(`${path}.new`)).size, sha256: hash.digest('hex') };
  await rename(`${path}.new`, path);
  await writeFile(`${path}.json`, JSON.stringify(facts));
  return facts;
}

async function fill(tar, bytes) {
  const sample = await entriesOf(join(EXAMPLES, NAME));
  let size = 0;
  const add = async (header, content) => {
    size += 512 + Math.ceil(content.length / 512) * 512;
    await new Promise((resolve, reject) => {
      tar.entry({ ...header, size: content.length }, content, (error) => (error ? reject(error) : resolve()));
    });
  };
  for (const { header, content } of sample) await add(header, content);
  const images = ['pbcor', 'flux'].map((kind) => {
    const found = sample.find(({ header }) => header.name.endsWith(`NGC9999.CO_21.${kind}.fits`));
    return { kind, header: found.header, content: enlarged(found.content, kind === 'flux') };
  });
  for (let line = 100; size < bytes; line++) {
    for (const { kind, header, content } of images) {
      // One changed pixel makes each image different.
      content.writeFloatBE(line / 1e6, content.length - FITS_RECORD);
      const name = header.name.replace(/CO_21\.\w+\.fits$/, `CO_${line}.${kind}.fits`);
      await add({ ...header, name }, Buffer.from(content));
    }
  }
}

async function entriesOf(path) {
  const entries = [];
  const reading = extract();
  reading.on('entry', (header, stream, next) => {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    stream.on('end', () => {
      entries.push({ header, content: Buffer.concat(pieces) });
      next();
    });
  });
  await pipeline(createReadStream(path), reading);
  return entries;
}

/** Returns the image with other axes, whose pixels are a primary beam, or noise divided by it. */
function enlarged(image, isBeam) {
  const end = image.indexOf('END'.padEnd(80));
  const headerLength = Math.ceil((end + 80) / FITS_RECORD) * FITS_RECORD;
  const cards = image.toString('latin1', 0, headerLength).replace(/(NAXIS([123]) {2}= )[ \d]{20}/g, (_, key, axis) => {
    return key + String(SHAPE[axis - 1]).padStart(20);
  });
  const pixels = SHAPE.reduce((product, length) => product * length, 1);
  const plane = responses();
  const data = Buffer.alloc(Math.ceil((pixels * 4) / FITS_RECORD) * FITS_RECORD);
  let state = 1;
  for (let pixel = 0; pixel < pixels; pixel++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const response = plane[pixel % plane.length];
    data.writeFloatBE(isBeam ? response : (state / 2 ** 32 - 0.5) / 50 / response, pixel * 4);
  }
  return Buffer.concat([Buffer.from(cards, 'latin1'), data]);
}

/** Returns the primary beam over a plane: 1 in the centre, NaN where it is not defined. */
function responses() {
  const [width, height] = SHAPE;
  return Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [(pixel % width) - width / 2, Math.floor(pixel / width) - height / 2];
    const response = Math.exp((-4 * Math.LN2 * (x * x + y * y)) / (width * height * 0.36));
    return response < BEAM_LIMIT ? NaN : response;
  });
}
