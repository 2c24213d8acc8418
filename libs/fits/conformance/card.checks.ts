import { Card, CardFlaw } from '../header/card';
import { RemarkCode, RemarkLog } from './remark';

const CODE: Record<CardFlaw, RemarkCode> = {
  'keyword-characters': 'fits.keyword-characters',
  'value-indicator': 'fits.value-indicator',
  'end-not-blank': 'fits.end-card',
  'continue-malformed': 'fits.continue',
  'unclosed-string': 'fits.string-unclosed',
  'missing-slash': 'fits.comment-separator',
  'lower-case-exponent': 'fits.exponent-lower-case',
  'not-a-value': 'fits.value-malformed',
};

const EXPECTED: Record<CardFlaw, string> = {
  'keyword-characters': 'A-Z, 0-9, - and _, left-justified in bytes 1-8',
  'value-indicator': "'= ' in bytes 9 and 10",
  'end-not-blank': 'END and 77 spaces',
  'continue-malformed': 'CONTINUE and a quoted string from byte 11',
  'unclosed-string': 'a string closed by a single quote',
  'missing-slash': 'a slash between value and comment',
  'lower-case-exponent': 'an exponent letter E or D',
  'not-a-value': 'a string, T or F, an integer, a real or a complex number',
};

const MESSAGE: Record<CardFlaw, string> = {
  'keyword-characters': 'the keyword contains characters that are not allowed',
  'value-indicator': 'the equals sign is not followed by a space, so the record has no value',
  'end-not-blank': 'the END record contains other text',
  'continue-malformed': 'CONTINUE has no string value',
  'unclosed-string': 'the string has no closing quote',
  'missing-slash': 'the value is followed by text without a slash',
  'lower-case-exponent': 'the exponent letter is in lower case',
  'not-a-value': 'the value is not of any FITS type',
};

const ASCII = /^[\x20-\x7e]*$/;

// The indexed keywords of the standard; those of a project (FILNAM01) are not checked.
const SINGLE_INDEX =
  /^(?:NAXIS|CTYPE|CUNIT|CRPIX|CRVAL|CDELT|CROTA|TTYPE|TFORM|TBCOL|TUNIT|TSCAL|TZERO|TNULL|TDISP|TDIM)0\d*$/;
const DOUBLE_INDEX = /^(?:PC|CD|PV|PS)(?:0\d+_\d+|\d+_0\d+)$/;
const CASA_MATRIX = /^PC0\d_0\d$/;

/** Checks one keyword record: characters, keyword, value syntax (FITS 3.0 §3.2, §4.1, §4.2). */
export function checkCard(card: Card, log: RemarkLog): void {
  const keyword = card.keyword;
  if (!ASCII.test(card.record)) {
    const expected = 'bytes 32 to 126';
    log.add({
      code: 'fits.ascii',
      keyword,
      message: 'the record contains other than text',
      expected,
      found: card.record,
    });
  }
  for (const flaw of card.flaws) {
    const found = card.record.trimEnd();
    log.add({ code: CODE[flaw], keyword, message: MESSAGE[flaw], expected: EXPECTED[flaw], found });
  }
  if (card.kind === 'value' && (SINGLE_INDEX.test(keyword) || DOUBLE_INDEX.test(keyword))) {
    log.add({
      code: 'fits.index-leading-zero',
      keyword,
      message: 'the index has leading zeros',
      expected: keyword.replace(/([A-Z_])0+(?=\d)/g, '$1'),
      found: keyword,
      dialect: CASA_MATRIX.test(keyword) ? 'casa' : null,
    });
  }
}

/** Finds CONTINUE records without a string to continue (FITS 4.0 §4.2.1.2). */
export function checkContinuation(cards: readonly Card[], log: RemarkLog): void {
  cards.forEach((card, i) => {
    if (card.kind !== 'continue') return;
    const before = cards[i - 1]?.value;
    if (before?.type === 'string' && before.value.endsWith('&')) return;
    const message = 'CONTINUE does not follow a string that ends with &';
    log.add({ code: 'fits.continue', keyword: 'CONTINUE', message, found: card.record.trimEnd() });
  });
}
