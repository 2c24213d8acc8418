import { Card } from '../header/card';
import { Hdu } from '../reader/hdu';
import { checkWcs } from '../wcs/wcs.checks';
import { checkContinuation } from './card.checks';
import { RemarkLog } from './remark';
import { checkReserved } from './reserved.checks';
import { checkTable } from './table.checks';

/** Types registered with the IAU FITS working group (FITS 3.0 Appendix F). */
const REGISTERED = new Set(['IMAGE', 'TABLE', 'BINTABLE', 'IUEIMAGE', 'A3DTABLE', 'FOREIGN', 'DUMP']);

const FIXED_INTEGER = /^ *[+-]?\d+$/;
const FIXED_LOGICAL = /^ {19}[TF]$/;
const FIXED_XTENSION = /^'[A-Z0-9_ -]{8,}'/;
const SURPLUS_AXIS = /^NAXIS([1-9]\d*)$/;
/** Keywords that must not occur twice. */
const MANDATORY = /^(?:SIMPLE|BITPIX|NAXIS\d*|XTENSION|PCOUNT|GCOUNT|TFIELDS|TFORM\d+|TBCOL\d+)$/;

/** Checks one header as a whole; its records were checked one by one when they were read. */
export function checkHeader(hdu: Hdu, log: RemarkLog): void {
  checkMandatory(hdu, log);
  checkDuplicates(hdu, log);
  checkContinuation(hdu.header.cards, log);
  checkReserved(hdu, log);
  checkTable(hdu, log);
  checkWcs(hdu, log);
}

/** Checks the mandatory keywords: presence, order, fixed format and values (FITS 3.0 §4.4.1, §6, §7). */
function checkMandatory(hdu: Hdu, log: RemarkLog): void {
  const expected = mandatoryKeywords(hdu);
  checkOrder(hdu, expected, log);
  for (const keyword of expected) checkFixedFormat(hdu, keyword, log);
  checkSurplusAxes(hdu, log);
  if (hdu.index === 0) checkPrimary(hdu, log);
  else checkExtension(hdu, log);
}

function mandatoryKeywords(hdu: Hdu): string[] {
  const axes = hdu.axes.map((_, i) => `NAXIS${i + 1}`);
  const start = [hdu.index === 0 ? 'SIMPLE' : 'XTENSION', 'BITPIX', 'NAXIS', ...axes];
  if (hdu.index === 0) return start;
  const counts = [...start, 'PCOUNT', 'GCOUNT'];
  return hdu.kind === 'bintable' || hdu.kind === 'table' ? [...counts, 'TFIELDS'] : counts;
}

function checkOrder(hdu: Hdu, expected: string[], log: RemarkLog): void {
  const missing = expected.filter((keyword) => !hdu.header.has(keyword));
  for (const keyword of missing) {
    log.add({ code: 'fits.mandatory-missing', keyword, message: `${keyword} is missing` });
  }
  const present = expected.filter((keyword) => hdu.header.has(keyword));
  const position = present.findIndex((keyword, i) => hdu.header.cards[i]?.keyword !== keyword);
  if (position < 0) return;
  const keyword = present[position] ?? null;
  log.add({
    code: 'fits.mandatory-order',
    keyword,
    message: 'the mandatory keywords are not in the order of the standard',
    expected: `${keyword} as record ${position + 1}`,
    found: hdu.header.cards[position]?.keyword ?? 'none',
  });
}

/** Mandatory values must be in fixed format: integers and logicals end at byte 30, strings begin at byte 11 (§4.2). */
function checkFixedFormat(hdu: Hdu, keyword: string, log: RemarkLog): void {
  const card = hdu.header.cards.find((candidate) => candidate.keyword === keyword && candidate.kind === 'value');
  if (!card || isFixed(card)) return;
  const [expected, found] = [fixedForm(keyword), card.record.trimEnd()];
  log.add({ code: 'fits.mandatory-format', keyword, message: 'the value is not in fixed format', expected, found });
}

function isFixed(card: Card): boolean {
  if (card.keyword === 'XTENSION') return FIXED_XTENSION.test(card.record.slice(10));
  const rest = card.record.slice(30).trimStart();
  const form = card.keyword === 'SIMPLE' ? FIXED_LOGICAL : FIXED_INTEGER;
  return form.test(card.record.slice(10, 30)) && (rest === '' || rest.startsWith('/'));
}

function fixedForm(keyword: string): string {
  if (keyword === 'XTENSION') return 'a string from byte 11, padded to 8 characters';
  return keyword === 'SIMPLE' ? 'T or F in byte 30' : 'an integer that ends at byte 30';
}

function checkSurplusAxes(hdu: Hdu, log: RemarkLog): void {
  for (const keyword of hdu.header.keywords()) {
    const axis = SURPLUS_AXIS.exec(keyword);
    if (!axis || Number(axis[1]) <= hdu.axes.length) continue;
    const expected = `no axis beyond NAXIS = ${hdu.axes.length}`;
    log.add({ code: 'fits.axis-surplus', keyword, message: 'the axis is beyond the number of axes', expected });
  }
}

function checkPrimary(hdu: Hdu, log: RemarkLog): void {
  const { header } = hdu;
  if (header.logical('SIMPLE') !== true) {
    const message = 'the file declares that it does not conform to the standard';
    log.add({ code: 'fits.simple-false', keyword: 'SIMPLE', message, expected: 'T' });
  }
  if (header.has('XTENSION')) {
    const message = 'XTENSION must not be in the primary header';
    log.add({ code: 'fits.xtension-in-primary', keyword: 'XTENSION', message });
  }
  if (hdu.kind === 'random-groups') {
    const message = 'random groups are deprecated, except for existing interferometer data';
    log.add({ code: 'fits.random-groups', keyword: 'GROUPS', message });
  }
}

function checkExtension(hdu: Hdu, log: RemarkLog): void {
  const type = hdu.header.text('XTENSION');
  if (type !== null && !REGISTERED.has(type)) {
    const message = 'the type of the extension is not registered: its data are skipped';
    log.add({ code: 'fits.xtension-unregistered', keyword: 'XTENSION', message, found: type });
  }
  if (hdu.kind === 'other') return;
  const isTable = hdu.kind === 'table' || hdu.kind === 'bintable';
  if (hdu.gcount !== 1) mandatoryValue('GCOUNT', '1', hdu.gcount, log);
  if (hdu.kind !== 'bintable' && hdu.pcount !== 0) mandatoryValue('PCOUNT', '0', hdu.pcount, log);
  if (isTable && hdu.bitpix !== 8) mandatoryValue('BITPIX', '8', hdu.bitpix, log);
  if (isTable && hdu.axes.length !== 2) mandatoryValue('NAXIS', '2', hdu.axes.length, log);
}

function mandatoryValue(keyword: string, expected: string, value: number, log: RemarkLog): void {
  const message = `${keyword} must be ${expected} in an extension of this type`;
  log.add({ code: 'fits.mandatory-value', keyword, message, expected, found: String(value) });
}

/** A keyword with a value should occur once; a mandatory one must (FITS 3.0 §4.1.2.3). */
function checkDuplicates(hdu: Hdu, log: RemarkLog): void {
  const first = new Map<string, Card>();
  for (const card of hdu.header.cards) {
    if (card.kind !== 'value') continue;
    const earlier = first.get(card.keyword);
    if (!earlier) first.set(card.keyword, card);
    else addDuplicate(hdu, earlier, card, log);
  }
}

function addDuplicate(hdu: Hdu, earlier: Card, card: Card, log: RemarkLog): void {
  const { keyword } = card;
  const same = JSON.stringify(earlier.value) === JSON.stringify(card.value);
  const message = same ? 'the keyword occurs twice' : 'the keyword occurs twice with different values';
  const code = MANDATORY.test(keyword) ? 'fits.duplicate-mandatory' : 'fits.duplicate-keyword';
  const [expected, found] = [earlier.record.trimEnd(), card.record.trimEnd()];
  // CASA writes a second XTENSION into the table of every cube whose beam varies with frequency.
  const fromCasa = keyword === 'XTENSION' && same && hdu.name === 'BEAMS';
  log.add({ code, keyword, message, expected, found, dialect: fromCasa ? 'casa' : null });
}
