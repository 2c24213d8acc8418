import { inspect } from 'node:util';
import { z } from 'zod';

/**
 * Parses input from outside with a schema. Refuses text that cannot be stored, wherever it is: PostgreSQL's text has no
 * NUL, and half of a surrogate pair is no Unicode character. Like `schema.safeParse`, but every message is fit for a
 * user: a missing value `is missing`, other messages that the schema states are kept, and zod's own are replaced by
 * `issueMessage`.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  const unstorable = unstorableText(input);
  if (unstorable.length > 0) return { success: false, error: new z.ZodError(unstorable) as never };
  const parsed = schema.safeParse(input, { error: (issue) => issueMessage(issue, input) });
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined)
      Object.assign(issue, { message: 'is missing' });
  }
  return parsed;
}

/**
 * Says in plain words what is wrong with a value: `is missing`, `expected a string, found a number`, `must be at least
 * 1`. Quotes the value only when it was meant as a number or as one of a list, because other text may be private.
 * @param input the whole input, to find the text of what did not convert to a number
 */
export function issueMessage(issue: z.core.$ZodRawIssue, input?: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `expected ${nameOf(issue.expected)}, found ${foundInstead(issue, input)}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return `expected ${oneOf(issue.values.map(String))}, found ${quoted(issue.input)}`;
    case 'too_small':
      return limitMessage(issue.origin, issue.minimum, {
        exact: issue.exact,
        inclusive: issue.inclusive,
        isLeast: true,
      });
    case 'too_big':
      return limitMessage(issue.origin, issue.maximum, { exact: issue.exact, inclusive: issue.inclusive });
    case 'invalid_format':
      return formatMessage(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.length === 1 ? 'field' : 'fields'} ${issue.keys.map(quoted).join(', ')}`;
    case 'invalid_union':
      return unionMessage(issue);
    case 'invalid_key':
    case 'invalid_element':
      return `${issue.code === 'invalid_key' ? 'invalid key' : 'invalid entry'}: ${messagesOf(issue.issues)}`;
    case 'custom':
      return 'is invalid';
  }
}

/** The most faults of this kind that are reported. */
const MAX_UNSTORABLE = 20;

/** A place in the input: paths as lists would take quadratic time for input that is nested deeply. */
interface Place {
  readonly value: unknown;
  readonly step?: PropertyKey;
  readonly parent?: Place;
}

/** Finds text and names of fields that cannot be stored. */
function unstorableText(input: unknown): z.core.$ZodIssue[] {
  const found: z.core.$ZodIssue[] = [];
  const refuse = (text: string, place: Place, what = ''): void => {
    const message = whyUnstorable(text);
    if (message !== null) found.push({ code: 'custom', path: pathOf(place), message: what + message, input: text });
  };
  const waiting: Place[] = [{ value: input }];
  for (let place = waiting.pop(); place !== undefined && found.length < MAX_UNSTORABLE; place = waiting.pop()) {
    const { value } = place;
    if (typeof value === 'string') refuse(value, place);
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value).reverse()) {
      if (!Array.isArray(value)) refuse(name, place, 'in the name of a field, ');
      if (typeof inner === 'string' || typeof inner === 'object')
        waiting.push({ value: inner, step: name, parent: place });
    }
  }
  return found;
}

function pathOf(place: Place): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let at: Place | undefined = place; at?.step !== undefined; at = at.parent) path.unshift(at.step);
  return path;
}

function whyUnstorable(text: string): string | null {
  if (text.includes('\0')) return 'NUL characters (U+0000) are not allowed';
  return /\p{Surrogate}/u.test(text) ? 'half of a surrogate pair is not allowed' : null;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  date: 'a date',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  null: 'null',
  nan: 'no number',
  never: 'nothing',
};

function nameOf(type: string): string {
  return NAMES[type] ?? type;
}

function foundInstead(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>, input: unknown): string {
  const value = issue.input;
  if (value === null || typeof value === 'boolean') return String(value);
  // A coerced number is NaN; the original text is in the input.
  if (Number.isNaN(value)) return quoted(valueAt(input, issue.path ?? []));
  if (typeof value === 'number') return issue.expected === 'int' ? String(value) : 'a number';
  return Array.isArray(value) ? 'a list' : nameOf(typeof value);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    input,
  );
}

const LONGEST_QUOTE = 40;

function quoted(value: unknown): string {
  if (value === undefined) return 'no number';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? value : inspect(value);
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
}

function oneOf(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['entry', 'entries'],
  object: ['field', 'fields'],
  file: ['byte', 'bytes'],
};

function limitMessage(
  origin: string,
  limit: number | bigint,
  { exact = false, inclusive = true, isLeast = false }: { exact?: boolean; inclusive?: boolean; isLeast?: boolean },
): string {
  const unit = UNITS[origin];
  if (unit === undefined) {
    const shown = origin === 'date' ? new Date(Number(limit)).toISOString() : String(limit);
    if (inclusive) return `must be ${isLeast ? 'at least' : 'at most'} ${shown}`;
    return `must be ${isLeast ? 'greater' : 'less'} than ${shown}`;
  }
  const amount = `${limit} ${unit[limit === 1 ? 0 : 1]}`;
  if (exact) return `must have exactly ${amount}`;
  if (isLeast && limit === 1 && inclusive) return 'must not be empty';
  if (inclusive) return `must have ${isLeast ? 'at least' : 'at most'} ${amount}`;
  return `must have ${isLeast ? 'more' : 'fewer'} than ${amount}`;
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an email address',
  uuid: 'a UUID',
  guid: 'a UUID',
  datetime: 'a date and time such as 2014-12-05T08:50:00Z',
  date: 'a date such as 2014-12-05',
  time: 'a time such as 08:50:00',
  duration: 'an ISO 8601 duration',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  base64: 'base64 text',
  base64url: 'base64url text',
  json_string: 'JSON text',
  jwt: 'a JSON Web Token',
};

function formatMessage(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string {
  const { format }: { format: string } = issue;
  switch (format) {
    case 'url':
      return `expected a URL${schemesOf(issue.inst)}`;
    case 'regex':
      return `must match ${String(issue['pattern'])}`;
    case 'starts_with':
      return `must start with ${quoted(issue['prefix'])}`;
    case 'ends_with':
      return `must end with ${quoted(issue['suffix'])}`;
    case 'includes':
      return `must contain ${quoted(issue['includes'])}`;
    default:
      return `expected ${FORMATS[format] ?? `the format ${format}`}`;
  }
}

/** ` that begins with http:// or https://` for a URL schema with the protocol `^https?$`. */
function schemesOf(schema: unknown): string {
  const pattern = schema instanceof z.ZodURL ? schema._zod.def.protocol?.source : undefined;
  const [, base, letter, letters] = /^\^(\w+?)(?:(\w)\?|\((\w+)\)\?)?\$$/.exec(pattern ?? '') ?? [];
  if (base === undefined) return '';
  const ending = letter ?? letters;
  const schemes = ending === undefined ? [base] : [base, `${base}${ending}`];
  return ` that begins with ${oneOf(schemes.map((scheme) => `${scheme}://`))}`;
}

/** The alternatives that fit best: one that fails within the value is closer than one of another type. */
function unionMessage(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  if (issue.input === undefined) return 'is missing';
  const failures = issue.errors.filter((issues) => issues.length > 0);
  if (failures.length === 0) return 'matches none of the allowed forms';
  const inner = failures.filter((issues) => issues.every(({ path }) => path.length > 0));
  return [...new Set((inner.length > 0 ? inner : failures).map(messagesOf))].join(', or ');
}

function messagesOf(issues: readonly z.core.$ZodIssue[]): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')} ${message}` : message)).join(', ');
}

/** Parses a JSON text; returns undefined, which no JSON text is, when it is not valid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Decodes bytes from outside. Skips a byte order mark.
 * @throws TypeError when they are not UTF-8: replacement characters would be recorded in place of what was meant
 */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError('it is not UTF-8', { cause });
  }
}
