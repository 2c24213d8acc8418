import type { ReadmeFacts } from '../facts/file-facts';
import { readImageStatements } from './measures';
import { type Reading, readingOf, unreadable } from './reading';

const NOTHING: ReadmeFacts = {
  form: 'empty',
  cycle: null,
  projectCode: null,
  projectTitle: null,
  schedulingBlocks: [],
  configuration: null,
  proposedRmsJansky: null,
  proposedBeamArcsec: null,
  casaVersion: null,
  qa2Result: null,
  memberSchedulingBlocks: null,
  achieved: [],
  deliveredAgain: null,
  unfilled: [],
};

/** The fields of Cycles 1-4, in lower case. */
const FIELDS = [
  'cycle',
  'project code',
  'sb name',
  'project title',
  'configuration',
  'proposed rms',
  'proposed beam size',
  'casa version used for reduction',
  'qa2 result',
  'total number of member sbs in this ous group',
] as const;
type Field = (typeof FIELDS)[number];

const GENERIC = /^ALMA Member ObsUnitSet README/;
const FIELD_LINE = /^[ \t]{0,20}([A-Za-z][A-Za-z0-9 ]{1,60}?)[ \t]{0,20}:[ \t]*(.{0,500})/;
const RULER = /^\s*#{5,}\s*$/;
const COMMENTS = /^[ \t]{0,20}Comments from Reducer[ \t]{0,20}:(.*)$/i;
const MAX_STATEMENTS = 100;
/** `This is a re-delivery: ...`, `replaces the data delivered in May`, `were imaged again because ...` */
const AGAIN =
  /\bre-?(?:deliver|imag|calibrat|reduc|process)(?:y|ed|ing|e|tion)|\b(?:delivered|imaged|calibrated|reduced|processed) a(?:gain|new)\b|\b(?:replaces|supersedes)\b/i;

/** Reads a README as `readReadme` does; a file that is no text in single bytes, such as one in UTF-16, is unreadable. */
export function readReadmeText(text: string): Reading<ReadmeFacts> {
  if (!text.includes('\0')) return readingOf(readReadme(text));
  const isUtf16 = text.startsWith('\u00ff\u00fe') || text.startsWith('\u00fe\u00ff');
  return unreadable('text in UTF-8', isUtf16 ? 'text in UTF-16' : 'bytes that are not text');
}

/** Reads a README of any cycle (§4.1, docs/standard/real-deliveries.md §3). Fields that it does not state are null. */
export function readReadme(text: string): ReadmeFacts {
  const body = text.replace(/^\ufeff/, '').trim();
  if (body === '') return NOTHING;
  if (GENERIC.test(body)) return { ...NOTHING, form: 'generic' };
  const { fields, comments } = splitReadme(body.split(/\r\n|\r|\n/));
  const unfilled = [...fields].filter(([field, value]) => isUnfilled(field, value));
  for (const [field] of unfilled) fields.delete(field);
  const of = (field: Field): string | null => fields.get(field) ?? null;
  const reducer = fields.has('project code') || fields.has('qa2 result') || comments !== null || unfilled.length > 0;
  return {
    form: reducer ? 'reducer' : 'free',
    cycle: of('cycle'),
    projectCode: of('project code'),
    projectTitle: of('project title'),
    schedulingBlocks: (of('sb name') ?? '').split(/[,;]\s*/).filter((name) => name !== ''),
    configuration: of('configuration'),
    proposedRmsJansky: jansky(of('proposed rms')),
    proposedBeamArcsec: arcsec(of('proposed beam size')),
    casaVersion: of('casa version used for reduction'),
    qa2Result: of('qa2 result'),
    memberSchedulingBlocks: wholeNumber(of('total number of member sbs in this ous group')),
    achieved: readImageStatements(comments ?? (reducer ? '' : body)).slice(0, MAX_STATEMENTS),
    deliveredAgain: deliveredAgain(comments ?? ''),
    unfilled: unfilled.map(([field, value]) => `${field}: ${value}`),
  };
}

/** A result of QA2; what the form itself offers to choose from, such as `PASS/SEMIPASS`, has several. */
const OUTCOME = String.raw`(?:semi-?)?(?:pass|fail)(?:ed)?`;
const OUTCOMES = new RegExp(`^\\W*${OUTCOME}(?:\\s*(?:[/|]|\\bor\\b)\\s*${OUTCOME})+\\W*$`, 'i');

/**
 * The fields that cannot be right without something of this form. Titles, names and configurations are free text, of
 * which nobody can say that it is not meant; the proposed values are left out where there are none.
 */
const FORMS: Partial<Record<Field, RegExp>> = {
  cycle: /\d/,
  'project code': /\d{4}\.\w\.\d{5}\.\w/,
  'casa version used for reduction': /\d\.\d/,
  'qa2 result': new RegExp(`^(?!${OUTCOMES.source}).*${OUTCOME}`, 'i'),
  'total number of member sbs in this ous group': /\d/,
};

/** `<code>`, `[result]`, `4.x`, `XXX`, `TBD`, `???`: values of a form before it is filled in. */
const PLACEHOLDERS: readonly RegExp[] = [
  OUTCOMES,
  /^(?:<[^<>]{0,80}>|\[[^[\]]{0,80}\]|\{[^{}]{0,80}\}|%[^%]{1,80}%|\$\w{1,80})$/,
  /^(?:x{2,}|y{4}[\w.]*|\d\.x|tb[acd]|todo|fix ?me|[?._-]{2,}|\?)$/i,
  /^to be (?:added|confirmed|filled|decided)\b/i,
];

/** Returns true for a field of the form that was not filled in: it has nothing of the right form, but a placeholder. */
function isUnfilled(field: Field, value: string): boolean {
  const form = FORMS[field];
  return form !== undefined && !form.test(value) && PLACEHOLDERS.some((pattern) => pattern.test(value));
}

function deliveredAgain(comments: string): string | null {
  const sentences = comments.replaceAll(/\s+/g, ' ').split(/(?<=[.!?]) (?=[A-Z])/);
  const said = sentences
    .filter((sentence) => AGAIN.test(sentence))
    .join(' ')
    .trim();
  return said === '' ? null : said;
}

/** Splits a README into the fields before the reducer's comments, and the comments up to the next line of `#####`. */
function splitReadme(lines: readonly string[]): { fields: Map<Field, string>; comments: string | null } {
  const fields = new Map<Field, string>();
  for (const [index, line] of lines.entries()) {
    const comments = COMMENTS.exec(line);
    if (comments) {
      const rest = lines.slice(index + 1);
      const end = rest.findIndex((each) => RULER.test(each));
      return { fields, comments: [comments[1] ?? '', ...rest.slice(0, end < 0 ? undefined : end)].join('\n') };
    }
    const [, name = '', value = ''] = FIELD_LINE.exec(line) ?? [];
    const field = FIELDS.find((each) => each === name.toLowerCase());
    if (field !== undefined && !fields.has(field) && value.trim() !== '') fields.set(field, value.trim());
  }
  return { fields, comments: null };
}

/** Reads `0.0018 Jy` or `1.8 mJy (line)`: a remark may follow the unit. */
function jansky(value: string | null): number | null {
  const [, number, prefix = ''] =
    /^(\d{0,9}(?:\.\d{0,9})?(?:[eE][-+]?\d{1,2})?)\s*([mu\u00b5\u03bc]?)Jy/.exec(value ?? '') ?? [];
  return positive(Number(number || NaN) * (prefix === '' ? 1 : prefix === 'm' ? 1e-3 : 1e-6));
}

function arcsec(value: string | null): number | null {
  const [, number, unit] = /^(\d{0,9}(?:\.\d{0,9})?)\s*(mas|arcsec|")/.exec(value ?? '') ?? [];
  return positive(Number(number || NaN) * (unit === 'mas' ? 1e-3 : 1));
}

function positive(value: number): number | null {
  return value > 0 && Number.isFinite(value) ? value : null;
}

function wholeNumber(value: string | null): number | null {
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null;
}
