import fc from 'fast-check';
import { MAX_KEY_LENGTH, checkKey, checkPrefix, isKey, isSegment } from './object-key';

const segment = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+=,@-]{0,20}$/);
const key = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('/'));

describe('object keys', () => {
  it('accept segments of safe characters', () => {
    fc.assert(fc.property(key, (text) => isKey(text) && checkKey(text) === text));
  });

  it('accept every beginning of a key as a prefix', () => {
    fc.assert(
      fc.property(key, fc.nat(200), (text, length) => {
        const prefix = text.slice(0, length);
        return checkPrefix(prefix) === prefix;
      }),
    );
  });

  it('contain no character that is special in a path, a URL or a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        if (!isKey(text)) return;
        expect(text).toMatch(/^[A-Za-z0-9._+=,@/-]+$/);
        expect(text.split('/').every((name) => isSegment(name) && !name.startsWith('.'))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('have a maximum length', () => {
    expect(isKey('a'.repeat(255))).toBe(true);
    expect(isKey('a'.repeat(256))).toBe(false);
    const long = 'a/'.repeat(MAX_KEY_LENGTH / 2);
    expect(isKey(long.slice(0, -1))).toBe(true);
    expect(isKey(`${long}a`)).toBe(false);
    expect(checkPrefix(long)).toBe(long);
    expect(() => checkPrefix(`${long}a`)).toThrow('is not a valid prefix');
  });

  it('are truncated and escaped in the error message when they are refused', () => {
    expect(() => checkKey(`\u001b[2J${'x'.repeat(500)}`)).toThrow(
      /^"\\u001b\[2Jx{76}\.\.\." is not a valid key of an object$/,
    );
  });
});
