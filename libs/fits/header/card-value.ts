/** The value of a keyword record (FITS 3.0 §4.2). A value that cannot be read keeps its text. */
export type CardValue =
  | { type: 'string'; value: string }
  | { type: 'logical'; value: boolean }
  | { type: 'integer'; value: number }
  | { type: 'real'; value: number }
  | { type: 'complex'; value: [number, number] }
  | { type: 'undefined' }
  | { type: 'malformed'; text: string };

/** What is wrong with the way a value is written, though it may still be readable. */
export type ValueSlip = 'unclosed-string' | 'missing-slash' | 'lower-case-exponent' | 'not-a-value';

/** A value field read: the value, the comment after the slash, and the slips in between. */
export interface ValueField {
  value: CardValue;
  comment: string;
  slips: ValueSlip[];
}

const INTEGER = /^[+-]?\d+$/;
const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[EDed][+-]?\d+)?$/;
const COMPLEX = /^\(\s*([^\s,()]+)\s*,\s*([^\s,()]+)\s*\)/;

/**
 * Reads bytes 11-80 of a keyword record, fixed or free format (FITS 3.0 §4.1.2.3, §4.2). Never throws: what cannot be
 * read comes back as `malformed` with its slip.
 */
export function parseValueField(field: string): ValueField {
  const text = field.trimStart();
  if (text === '') return { value: { type: 'undefined' }, comment: '', slips: [] };
  if (text.startsWith("'")) return parseString(text);
  if (text.startsWith('/')) return { value: { type: 'undefined' }, comment: text.slice(1).trim(), slips: [] };
  if (text.startsWith('(')) return parseComplex(text);
  return parseBare(text);
}

function parseString(text: string): ValueField {
  let end = 1;
  for (;;) {
    end = text.indexOf("'", end);
    if (end < 0) {
      const value: CardValue = { type: 'malformed', text: text.trimEnd() };
      return { value, comment: '', slips: ['unclosed-string'] };
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
  const slips = [...new Set([...real.slips, ...imaginary.slips])];
  return withComment({ type: 'complex', value: [real.value, imaginary.value] }, text.slice(match[0].length), slips);
}

function parseBare(text: string): ValueField {
  const token = /^[^\s/]+/.exec(text)?.[0] ?? '';
  const rest = text.slice(token.length);
  if (token === 'T' || token === 'F') return withComment({ type: 'logical', value: token === 'T' }, rest, []);
  const number = parseNumber(token);
  if (!number) return malformed(text);
  return withComment({ type: number.type, value: number.value }, rest, number.slips);
}

function parseNumber(token: string): { type: 'integer' | 'real'; value: number; slips: ValueSlip[] } | null {
  if (INTEGER.test(token)) return { type: 'integer', value: Number(token), slips: [] };
  if (!REAL.test(token)) return null;
  const value = Number(token.replace(/[Dd]/, 'E'));
  if (!Number.isFinite(value)) return null;
  return { type: 'real', value, slips: /[ed]/.test(token) ? ['lower-case-exponent'] : [] };
}

function withComment(value: CardValue, rest: string, slips: ValueSlip[]): ValueField {
  const text = rest.trim();
  if (text === '') return { value, comment: '', slips };
  if (text.startsWith('/')) return { value, comment: text.slice(1).trim(), slips };
  return { value, comment: text, slips: [...slips, 'missing-slash'] };
}

function malformed(text: string): ValueField {
  const slash = text.indexOf('/');
  const shown = (slash < 0 ? text : text.slice(0, slash)).trimEnd();
  const comment = slash < 0 ? '' : text.slice(slash + 1).trim();
  return { value: { type: 'malformed', text: shown }, comment, slips: ['not-a-value'] };
}
