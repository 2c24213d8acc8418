import { BLOCK_BYTES, type Card, RECORD_BYTES } from '../header/card';
import type { FitsHeader } from '../header/fits-header';
import type { AxisCut } from './plan-cutout';

/** Values that the pixels or the bytes of the whole image had, and those of a part do not. */
const STALE = new Set(['DATAMIN', 'DATAMAX', 'CHECKSUM', 'DATASUM']);
/** Text of one HISTORY record. */
const HISTORY_CHARACTERS = 72;
const STEP = /^(CDELT|CD)(\d+)(?:_(\d+))?([A-Z]?)$/;
const REFERENCE = /^CRPIX(\d+)([A-Z]?)$/;
const WORLD_TYPE = /^CTYPE(\d+)([A-Z]?)$/;

/**
 * Returns the header of the part of an image that the cuts select, with its padding. All records stay as they are, except
 * for the lengths of the axes, the reference pixel (of alternative coordinates too), the step of an axis of which not every
 * pixel is taken, and what no longer holds (DATAMIN, CHECKSUM ...).
 * @param history lines about the cut
 */
export function cutoutHeader(header: FitsHeader, cuts: readonly AxisCut[], history: readonly string[]): Buffer {
  const values = new Map<string, number>();
  for (const [i, { first, count, step }] of cuts.entries()) {
    const axis = i + 1;
    values.set(`NAXIS${axis}`, count);
    for (const alternative of alternativesOf(header, axis)) {
      const crpix = header.number(`CRPIX${axis}${alternative}`) ?? 0;
      // Without a step the value is exact.
      values.set(`CRPIX${axis}${alternative}`, step === 1 ? crpix - (first - 1) : 1 + (crpix - first) / step);
    }
    if (step !== 1) for (const [keyword, value] of stepsOf(header, axis)) values.set(keyword, value * step);
  }
  return headerBytes([...rewritten(header, values), ...history.flatMap(historyRecords)]);
}

/** Returns the records of a header with other values for some keywords, and without those that no longer hold. */
export function rewritten(header: FitsHeader, values: ReadonlyMap<string, number>): string[] {
  const missing = new Map([...values].filter(([keyword, value]) => !header.has(keyword) && value !== 0));
  const kept = header.cards.flatMap((card) => {
    if (card.kind === 'value' && STALE.has(card.keyword)) return [];
    const value = values.get(card.keyword);
    return value === undefined || card.kind !== 'value' ? [card.record] : [numberRecord(card, value)];
  });
  return [
    ...kept,
    ...[...missing].map(([keyword, value]) => numberRecord({ keyword, comment: '', value: null }, value)),
  ];
}

/** Returns the bytes of a header from its records. */
export function headerBytes(records: readonly string[]): Buffer {
  const text = [...records, 'END'.padEnd(RECORD_BYTES)].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}

/** Returns the letters of the coordinate descriptions that an axis has: '' for the primary one (FITS 3.0 §8.2.1). */
function alternativesOf(header: FitsHeader, axis: number): Set<string> {
  const found = new Set<string>();
  for (const keyword of header.keywords()) {
    const [, number, letter = ''] = REFERENCE.exec(keyword) ?? WORLD_TYPE.exec(keyword) ?? [];
    if (Number(number) === axis) found.add(letter);
  }
  return found;
}

/** Returns the keywords with the world units for a step of one pixel along an axis, with their values. */
function* stepsOf(header: FitsHeader, axis: number): Generator<[string, number]> {
  for (const keyword of header.keywords()) {
    const [, root, first, second] = STEP.exec(keyword) ?? [];
    const along = root === 'CD' ? second : second === undefined ? first : undefined;
    const value = header.number(keyword);
    if (Number(along) === axis && value !== null) yield [keyword, value];
  }
  // The default is 1 (FITS 3.0 §8.2), unless a CD matrix replaces it.
  const isStated = header.has(`CDELT${axis}`) || header.has(`CD${axis}_${axis}`) || header.has(`CD0${axis}_0${axis}`);
  if (!isStated) yield [`CDELT${axis}`, 1];
}

function numberRecord(
  { keyword, comment, value }: Pick<Card, 'keyword' | 'comment' | 'value'>,
  number: number,
): string {
  const isReal = value?.type === 'real' || !keyword.startsWith('N');
  const digits = String(number).toUpperCase();
  const text = isReal && /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
  const record = `${keyword.padEnd(8)}= ${text.padStart(20)}${comment === '' ? '' : ` / ${comment}`}`;
  return record.slice(0, RECORD_BYTES).padEnd(RECORD_BYTES);
}

/** A record has only characters of ASCII that print (FITS 3.0 §4.1.2.4). */
function historyRecords(line: string): string[] {
  const text = line.replaceAll(/[^ -~]/g, '?');
  const records: string[] = [];
  for (let at = 0; at < text.length; at += HISTORY_CHARACTERS) {
    records.push(`HISTORY ${text.slice(at, at + HISTORY_CHARACTERS)}`.padEnd(RECORD_BYTES));
  }
  return records;
}
