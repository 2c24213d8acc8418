import { Buffer } from 'node:buffer';
const BLOCK = 512;
const CARD = 80;
const HARD_NUMBERS = [
  '0',
  '-1',
  '77777777777',
  '99999999999999999999',
  '2147483648',
  '9007199254740993',
  '1e400',
  'NaN',
];
const HARD_WORDS = [
  '\0',
  '\x1b[31m',
  '../',
  '/etc/passwd',
  'é\xff',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&b;',
  '<a>'.repeat(200),
  '"',
  "'",
  '\r\n',
  '=',
];

/** Mutations of any bytes. Each returns the mutated bytes, and may modify its argument. */
const CHANGES = [
  (bytes, random) => {
    for (let n = 1 + random.below(8); n > 0; n--) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  (bytes, random) => {
    for (let n = 1 + random.below(4); n > 0; n--)
      bytes[random.below(bytes.length)] = random.pick([0, 9, 32, 47, 57, 127, 128, 255]);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random) => cut(bytes, random, (before, _piece, after) => [before, after]),
  (bytes, random) => cut(bytes, random, (before, piece, after) => [before, piece, piece, after]),
  (bytes, random) => cut(bytes, random, (before, piece, after) => [before, Buffer.alloc(piece.length), after]),
  (bytes, random) => cut(bytes, random, (before, piece, after) => [after, piece, before]),
  (bytes, random) => insert(bytes, random, random.pick(HARD_WORDS)),
  (bytes, random) => insert(bytes, random, random.pick(HARD_NUMBERS)),
  (bytes, random) => replaceNumber(bytes, random),
];

/** Returns a copy with one to four random mutations. */
export function mutated(original, random) {
  let bytes = Buffer.from(original);
  for (let n = 1 + random.below(4); n > 0 && bytes.length > 0; n--) bytes = random.pick(CHANGES)(bytes, random);
  return bytes;
}

/** Returns a tar with mutations mostly in its headers, whose checksums are mostly corrected afterwards. */
export function mutatedTar(original, headers, random) {
  if (random.below(4) === 0) return mutated(original, random);
  const bytes = Buffer.from(original);
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.pick(headers);
    const header = bytes.subarray(at, at + BLOCK);
    mutated(header, random).copy(header, 0, 0, BLOCK);
    if (random.below(5) > 0) sign(header);
  }
  return random.below(8) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}

/** Returns a FITS file with mutations mostly in single header cards. */
export function mutatedFits(original, headerLength, random) {
  if (random.below(4) === 0) return mutated(original, random);
  const bytes = Buffer.from(original);
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(headerLength / CARD) * CARD;
    const card = bytes.subarray(at, at + CARD);
    const other = random.below(headerLength / CARD) * CARD;
    if (random.below(4) === 0) bytes.copy(card, 0, other, other + CARD);
    else mutated(card, random).copy(card, 0, 0, CARD);
  }
  return bytes;
}

/** Returns the offsets of the header blocks of a valid tar. */
export function headerOffsets(tar) {
  const found = [];
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    found.push(at);
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return found;
}

function sign(header) {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

function cut(bytes, random, arrange) {
  const from = random.below(bytes.length);
  const to = Math.min(bytes.length, from + 1 + random.below(random.pick([4, 64, 2048])));
  return Buffer.concat(arrange(bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)));
}

function insert(bytes, random, text) {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text, 'latin1'), bytes.subarray(at)]);
}

/** Replaces a number in the bytes with one that is hard to parse. */
function replaceNumber(bytes, random) {
  const numbers = [...bytes.toString('latin1').matchAll(/\d+/g)];
  if (numbers.length === 0) return bytes;
  const { index, 0: digits } = random.pick(numbers);
  const hard = Buffer.from(random.pick(HARD_NUMBERS), 'latin1');
  return Buffer.concat([bytes.subarray(0, index), hard, bytes.subarray(index + digits.length)]);
}
