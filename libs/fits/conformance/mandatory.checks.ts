import { Card } from '../header/card';
import { Hdu } from '../reader/hdu';
import { RemarkLog } from './remark';

/** Types registered with the IAU FITS working group (FITS 3.0 Appendix F). */
const REGISTERED = new Set(['IMAGE', 'TABLE', 'BINTABLE', 'IUEIMAGE', 'A3DTABLE', 'FOREIGN', 'DUMP']);

const FIXED_INTEGER = /^ *[+-]?\d+$/;
const FIXED_LOGICAL = /^ {19}[TF]$/;
const FIXED_XTENSION = /^'[A-Z0-9_ -]{8,}'/;
const SURPLUS_AXIS = /^NAXIS([1-9]\d*)$/;

/** Mandatory keywords: presence, order, fixed format and values (FITS 3.0 §4.4.1, §6, §7). */
export function checkMandatory(hdu: Hdu, log: RemarkLog): void {
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
    message: `the mandatory keywords do not open the header in the order of the standard`,
    expected: `${keyword} as record ${position + 1}`,
    found: hdu.header.cards[position]?.keyword ?? 'none',
  });
}

/** Mandatory values stand in fixed format: integers and logicals end at byte 30, strings begin at byte 11 (§4.2). */
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
    log.add({ code: 'fits.axis-surplus', keyword, message: 'an axis that NAXIS does not count', expected });
  }
}

function checkPrimary(hdu: Hdu, log: RemarkLog): void {
  const { header } = hdu;
  if (header.logical('SIMPLE') !== true) {
    const message = 'the file itself says that it does not conform';
    log.add({ code: 'fits.simple-false', keyword: 'SIMPLE', message, expected: 'T' });
  }
  if (header.has('XTENSION')) {
    const message = 'XTENSION must not stand in the primary header';
    log.add({ code: 'fits.xtension-in-primary', keyword: 'XTENSION', message });
  }
  if (hdu.kind === 'random-groups') {
    const message = 'random groups are deprecated for anything but interferometer data of the past';
    log.add({ code: 'fits.random-groups', keyword: 'GROUPS', message });
  }
}

function checkExtension(hdu: Hdu, log: RemarkLog): void {
  const type = hdu.header.text('XTENSION');
  if (type !== null && !REGISTERED.has(type)) {
    const message = 'the extension is of no registered type: its data are passed over';
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
