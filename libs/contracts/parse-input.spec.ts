import { z } from 'zod';
import { parseInput, utf8 } from './parse-input';
import { violationsOf } from './violation';

function messages(schema: z.ZodType, input: unknown): string[] {
  const parsed = parseInput(schema, input);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
}

describe('parseInput on text that cannot be stored', () => {
  const faults = (input: unknown): [string, string][] => {
    const parsed = parseInput(z.unknown(), input);
    return parsed.success ? [] : violationsOf(parsed.error).map(({ pointer, message }) => [pointer, message]);
  };
  const NUL = 'NUL characters (U+0000) are not allowed';
  const HALF = 'half of a surrogate pair is not allowed';

  it.each<[string, unknown, [string, string][]]>([
    ['NUL in a text', 'a\0b', [['', NUL]]],
    ['half of a pair in a list of a field', { a: ['x', { b: 'Henrietta \ud83d' }] }, [['/a/1/b', HALF]]],
    ['the other half', { a: '\ude00 first' }, [['/a', HALF]]],
    ['NUL in the name of a field', { 'a\0': 1 }, [['', `in the name of a field, ${NUL}`]]],
    ['a whole pair', { a: 'Henrietta \ud83d\ude00' }, []],
  ])('refuses or accepts %s', (_name, input, expected) => {
    expect(faults(input)).toEqual(expected);
  });

  it('reads input of any depth', () => {
    const input: unknown = JSON.parse(`${'['.repeat(100_000)}"\\u0000"${']'.repeat(100_000)}`);
    expect(parseInput(z.unknown(), input).success).toBe(false);
  });
});

describe('utf8', () => {
  it('skips a byte order mark', () => {
    expect(utf8(Buffer.from('\ufeff{"a":1}'))).toBe('{"a":1}');
  });

  it.each([
    ['Latin-1', Buffer.from('Müller', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffMüller', 'utf16le')],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0xbd])],
  ])('refuses %s', (_name, bytes) => {
    expect(() => utf8(bytes)).toThrow('it is not UTF-8');
  });
});

describe('parseInput', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a missing value', z.string(), undefined, 'is missing'],
    [
      'a missing value of a schema with its own message',
      z.int({ error: 'expected a whole number' }),
      undefined,
      'is missing',
    ],
    ['a missing choice', z.enum(['a', 'b']), undefined, 'is missing'],
    ['a missing alternative', z.union([z.string(), z.number()]), undefined, 'is missing'],
    ['a number for a string', z.string(), 5, 'expected a string, found a number'],
    ['null for a string', z.string(), null, 'expected a string, found null'],
    ['a list for an object', z.object({}), [], 'expected an object, found a list'],
    ['an object for a list', z.array(z.string()), {}, 'expected a list, found an object'],
    ['a string for a boolean', z.boolean(), 'yes', 'expected true or false, found a string'],
    ['a boolean for a number', z.number(), true, 'expected a number, found true'],
    ['a fraction for a whole number', z.int(), 1.5, 'expected a whole number, found 1.5'],
    ['text that is no number', z.coerce.number(), 'many', 'expected a number, found "many"'],
    ['an unknown choice', z.enum(['a', 'b', 'c']), 'd', 'expected a, b or c, found "d"'],
    ['another literal', z.literal('member'), 'group', 'expected member, found "group"'],
    ['an empty string', z.string().min(1), '', 'must not be empty'],
    ['a short string', z.string().min(3), 'ab', 'must have at least 3 characters'],
    ['a long string', z.string().max(3), 'abcd', 'must have at most 3 characters'],
    ['a string of another length', z.string().length(2), 'a', 'must have exactly 2 characters'],
    ['an empty list', z.array(z.string()).min(1), [], 'must not be empty'],
    ['a long list', z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 item'],
    ['a small number', z.number().min(1), 0, 'must be at least 1'],
    ['a negative number', z.number().positive(), 0, 'must be greater than 0'],
    ['a large number', z.number().max(10), 11, 'must be at most 10'],
    ['a number at an exclusive limit', z.number().lt(10), 10, 'must be less than 10'],
    ['an early date', z.date().min(new Date(0)), new Date(-1), 'must be at least 1970-01-01T00:00:00.000Z'],
    ['a wrong step', z.number().multipleOf(5), 7, 'must be a multiple of 5'],
    ['no email address', z.email(), 'jane', 'expected an email address'],
    ['no UUID', z.uuid(), 'x', 'expected a UUID'],
    ['no date', z.iso.date(), '5 May', 'expected a date such as 2014-12-05'],
    ['no time', z.iso.datetime(), 'noon', 'expected a date and time such as 2014-12-05T08:50:00Z'],
    ['no URL', z.url(), 'nowhere', 'expected a URL'],
    ['a URL of another scheme', z.url({ protocol: /^https?$/ }), 'ftp://a', httpUrl('http:// or https://')],
    [
      'a URL of no scheme in a list',
      z.url({ protocol: /^postgres(ql)?$/ }),
      'a:b',
      httpUrl('postgres:// or postgresql://'),
    ],
    ['a URL that is not of the one scheme', z.url({ protocol: /^http$/ }), 'https://a', httpUrl('http://')],
    ['a pattern', z.string().regex(/^[a-z]+$/), 'A', 'must match /^[a-z]+$/'],
    ['a prefix', z.string().startsWith('a'), 'b', 'must start with "a"'],
    ['a suffix', z.string().endsWith('a'), 'b', 'must end with "a"'],
    ['a substring', z.string().includes('a'), 'b', 'must contain "a"'],
    ['another format', z.cidrv4(), 'b', 'expected the format cidrv4'],
    ['an unknown field', z.strictObject({}), { x: 1 }, 'unknown field "x"'],
    ['unknown fields', z.strictObject({}), { x: 1, y: 2 }, 'unknown fields "x", "y"'],
    [
      'no alternative',
      z.union([z.string(), z.number()]),
      true,
      'expected a string, found true, or expected a number, found true',
    ],
    ['an alternative that almost fits', z.union([z.string(), z.object({ a: z.string() })]), {}, 'a is missing'],
    ['an unknown discriminator', kinds(), { kind: 'c' }, 'matches none of the allowed forms'],
    ['a key', z.record(z.string().max(1), z.string()), { ab: '' }, 'invalid key: must have at most 1 character'],
    [
      'an entry',
      z.map(z.array(z.string()), z.string()),
      new Map([[['a'], 5]]),
      'invalid entry: expected a string, found a number',
    ],
    ['a check without a message', z.string().refine(() => false), 'a', 'is invalid'],
    ['a check with its own message', z.string().refine(() => false, { error: 'must rhyme' }), 'a', 'must rhyme'],
    ['a schema with its own message', z.string({ error: 'expected a name' }), 5, 'expected a name'],
  ])('describes %s', (_what, schema, input, message) => {
    expect(messages(schema, input)).toEqual([message]);
  });

  it('quotes the text that is no number, wherever it stands, and cuts it short', () => {
    const schema = z.object({ query: z.object({ limit: z.coerce.number() }) });
    expect(messages(schema, { query: { limit: 'x'.repeat(50) } })).toEqual([
      `expected a number, found "${'x'.repeat(40)}..."`,
    ]);
  });

  it('returns the parsed value', () => {
    expect(parseInput(z.coerce.number(), '5')).toEqual({ success: true, data: 5 });
  });
});

function httpUrl(schemes: string): string {
  return `expected a URL that begins with ${schemes}`;
}

function kinds(): z.ZodType {
  return z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]);
}
