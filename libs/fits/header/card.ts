import { CardValue, parseValueField, ValueSlip } from './card-value';

/** Bytes of a keyword record (FITS 3.0 §4.1.1) and of a FITS block (§3.1). */
export const RECORD_BYTES = 80;
export const BLOCK_BYTES = 2880;

/** What is wrong with the way a keyword record is written. */
export type CardSlip = ValueSlip | 'keyword-characters' | 'value-indicator' | 'end-not-blank' | 'continue-malformed';

/**
 * One keyword record. `keyword` is `''` for a blank one and `HIERARCH A B C` for ESO's long names. `value` is null for
 * commentary (COMMENT, HISTORY, blank, no value indicator) and END; their text is `comment`.
 */
export interface Card {
  kind: 'value' | 'commentary' | 'continue' | 'end';
  keyword: string;
  value: CardValue | null;
  comment: string;
  /** The 80 characters as they stand, one per byte. */
  record: string;
  slips: CardSlip[];
}

const KEYWORD = /^[A-Z0-9_-]*$/;
const COMMENTARY = new Set(['COMMENT', 'HISTORY', '']);
const HIERARCH = 'HIERARCH ';

/** Reads one 80-character record (FITS 3.0 §4.1). Never throws: slips say what is wrong. */
export function parseCard(record: string): Card {
  if (record.startsWith(HIERARCH)) return parseHierarch(record);
  const keyword = record.slice(0, 8).trimEnd();
  if (keyword === 'END') return endCard(record);
  const slips: CardSlip[] = KEYWORD.test(keyword) ? [] : ['keyword-characters'];
  if (COMMENTARY.has(keyword)) return commentary(keyword, record.slice(8), record, slips);
  const hasIndicator = record.startsWith('= ', 8);
  if (keyword === 'CONTINUE' && !hasIndicator) return continueCard(record);
  if (hasIndicator) {
    const field = parseValueField(record.slice(10));
    return { kind: 'value', keyword, ...field, record, slips: [...slips, ...field.slips] };
  }
  if (record[8] === '=') slips.push('value-indicator');
  return commentary(keyword, record.slice(8), record, slips);
}

function commentary(keyword: string, text: string, record: string, slips: CardSlip[]): Card {
  return { kind: 'commentary', keyword, value: null, comment: text.trimEnd(), record, slips };
}

function endCard(record: string): Card {
  const comment = record.slice(8).trimEnd();
  return { kind: 'end', keyword: 'END', value: null, comment, record, slips: comment === '' ? [] : ['end-not-blank'] };
}

/** `HIERARCH ESO DET CHIP1 ID = 'x' / comment`: not in the standard, tolerated as a convention. */
function parseHierarch(record: string): Card {
  const equals = record.indexOf('=');
  if (equals < 0) return commentary('HIERARCH', record.slice(8), record, []);
  const name = record.slice(HIERARCH.length, equals).trim().replace(/\s+/g, ' ');
  const field = parseValueField(record.slice(equals + 1));
  return { kind: 'value', keyword: `HIERARCH ${name}`, ...field, record, slips: field.slips };
}

/** CONTINUE carries a piece of the string before it (FITS 4.0 §4.2.1.2). */
function continueCard(record: string): Card {
  const field = parseValueField(record.slice(8));
  const slips: CardSlip[] = field.value.type === 'string' ? field.slips : ['continue-malformed'];
  return { kind: 'continue', keyword: 'CONTINUE', ...field, record, slips };
}
