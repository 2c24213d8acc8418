/** Bytes of a keyword record (FITS 3.0 §4.1.1) and of a FITS block (§3.1). */
export const RECORD_BYTES = 80;
export const BLOCK_BYTES = 2880;

/** What is wrong with the form of a keyword record. */
export type CardFlaw = ValueFlaw | 'keyword-characters' | 'value-indicator' | 'end-not-blank' | 'continue-malformed';

/**
 * One keyword record. `keyword` is `''` for a blank record and `HIERARCH A B C` for ESO's long names. `value` is null
 * for commentary (COMMENT, HISTORY, blank, no value indicator) and END; their text is in `comment`.
 */
export interface Card {
  kind: 'value' | 'commentary' | 'continue' | 'end';
  keyword: string;
  value: CardValue | null;
  comment: string;
  /** The 80 characters of the record, one per byte. */
  record: string;
  flaws: CardFlaw[];
}

const KEYWORD = /^[A-Z0-9_-]*$/;
const COMMENTARY = new Set(['COMMENT', 'HISTORY', '']);
const HIERARCH = 'HIERARCH ';

/** Parses one record of 80 characters (FITS 3.0 §4.1). Never throws: `flaws` lists what is wrong. */
export function parseCard(record: string): Card {
  if (record.startsWith(HIERARCH)) return parseHierarch(record);
  const keyword = record.slice(0, 8).trimEnd();
  if (keyword === 'END') return endCard(record);
  const flaws: CardFlaw[] = KEYWORD.test(keyword) ? [] : ['keyword-characters'];
  if (COMMENTARY.has(keyword)) return commentary(keyword, record.slice(8), record, flaws);
  const hasIndicator = record.startsWith('= ', 8);
  if (keyword === 'CONTINUE' && !hasIndicator) return continueCard(record);
  if (hasIndicator) {
    const field = parseValueField(record.slice(10));
    return { kind: 'value', keyword, ...field, record, flaws: [...flaws, ...field.flaws] };
  }
  if (record[8] === '=') flaws.push('value-indicator');
  return commentary(keyword, record.slice(8), record, flaws);
}

function commentary(keyword: string, text: string, record: string, flaws: CardFlaw[]): Card {
  return { kind: 'commentary', keyword, value: null, comment: text.trimEnd(), record, flaws };
}

function endCard(record: string): Card {
  const comment = record.slice(8).trimEnd();
  return { kind: 'end', keyword: 'END', value: null, comment, record, flaws: comment === '' ? [] : ['end-not-blank'] };
}

/** `HIERARCH ESO DET CHIP1 ID = 'x' / comment`: not in the standard, accepted as a convention. */
function parseHierarch(record: string): Card {
  const equals = record.indexOf('=');
  if (equals < 0) return commentary('HIERARCH', record.slice(8), record, []);
  const name = record.slice(HIERARCH.length, equals).trim().replace(/\s+/g, ' ');
  const field = parseValueField(record.slice(equals + 1));
  return { kind: 'value', keyword: `HIERARCH ${name}`, ...field, record, flaws: field.flaws };
}

/** CONTINUE contains the next part of the string before it (FITS 4.0 §4.2.1.2). */
function continueCard(record: string): Card {
  const field = parseValueField(record.slice(8));
  const flaws: CardFlaw[] = field.value.type === 'string' ? field.flaws : ['continue-malformed'];
  return { kind: 'continue', keyword: 'CONTINUE', ...field, record, flaws };
}

/** The value of a keyword record (FITS 3.0 §4.2). A malformed value keeps its text. */
export type CardValue =
  | { type: 'string'; value: string }
  | { type: 'logical'; value: boolean }
  | { type: 'integer'; value: number }
  | { type: 'real'; value: number }
  | { type: 'complex'; value: [number, number] }
  | { type: 'undefined' }
  | { type: 'malformed'; text: string };

/** What is wrong with the form of a value; the value may still be readable. */
export type ValueFlaw = 'unclosed-string' | 'missing-slash' | 'lower-case-exponent' | 'not-a-value';

/** A parsed value field: the value, the comment after the slash, and the flaws. */
export interface ValueField {
  value: CardValue;
  comment: string;
  flaws: ValueFlaw[];
}

const INTEGER = /^[+-]?\d+$/;
const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[EDed][+-]?\d+)?$/;
const COMPLEX = /^\(\s*([^\s,()]+)\s*,\s*([^\s,()]+)\s*\)/;

/**
 * Parses bytes 11-80 of a keyword record, in fixed or free format (FITS 3.0 §4.1.2.3, §4.2). Never throws: returns an
 * invalid value as `malformed`, with its flaw.
 */
export function parseValueField(field: string): ValueField {
  const text = field.trimStart();
  if (text === '') return { value: { type: 'undefined' }, comment: '', flaws: [] };
  if (text.startsWith("'")) return parseString(text);
  if (text.startsWith('/')) return { value: { type: 'undefined' }, comment: text.slice(1).trim(), flaws: [] };
  if (text.startsWith('(')) return parseComplex(text);
  return parseUnquoted(text);
}

function parseString(text: string): ValueField {
  let end = 1;
  for (;;) {
    end = text.indexOf("'", end);
    if (end < 0) {
      const value: CardValue = { type: 'malformed', text: text.trimEnd() };
      return { value, comment: '', flaws: ['unclosed-string'] };
    }
    if (text[end + 1] !== "'") break;
    end += 2;
  }
  // Leading spaces are significant, trailing ones are not (§4.2.1).
  const value = text.slice(1, end).replaceAll("''", "'").trimEnd();
  return withComment({ type: 'string', value }, text.slice(end + 1), []);
}

function parseComplex(text: string): ValueField {
  const match = COMPLEX.exec(text);
  const real = parseNumber(match?.[1] ?? '');
  const imaginary = parseNumber(match?.[2] ?? '');
  if (!match || !real || !imaginary) return malformed(text);
  const flaws = [...new Set([...real.flaws, ...imaginary.flaws])];
  return withComment({ type: 'complex', value: [real.value, imaginary.value] }, text.slice(match[0].length), flaws);
}

function parseUnquoted(text: string): ValueField {
  const token = /^[^\s/]+/.exec(text)?.[0] ?? '';
  const rest = text.slice(token.length);
  if (token === 'T' || token === 'F') return withComment({ type: 'logical', value: token === 'T' }, rest, []);
  const number = parseNumber(token);
  if (!number) return malformed(text);
  return withComment({ type: number.type, value: number.value }, rest, number.flaws);
}

function parseNumber(token: string): { type: 'integer' | 'real'; value: number; flaws: ValueFlaw[] } | null {
  if (INTEGER.test(token)) return { type: 'integer', value: Number(token), flaws: [] };
  if (!REAL.test(token)) return null;
  const value = Number(token.replace(/[Dd]/, 'E'));
  if (!Number.isFinite(value)) return null;
  return { type: 'real', value, flaws: /[ed]/.test(token) ? ['lower-case-exponent'] : [] };
}

function withComment(value: CardValue, rest: string, flaws: ValueFlaw[]): ValueField {
  const text = rest.trim();
  if (text === '') return { value, comment: '', flaws };
  if (text.startsWith('/')) return { value, comment: text.slice(1).trim(), flaws };
  return { value, comment: text, flaws: [...flaws, 'missing-slash'] };
}

function malformed(text: string): ValueField {
  const slash = text.indexOf('/');
  const shown = (slash < 0 ? text : text.slice(0, slash)).trimEnd();
  const comment = slash < 0 ? '' : text.slice(slash + 1).trim();
  return { value: { type: 'malformed', text: shown }, comment, flaws: ['not-a-value'] };
}
