import { bigintKeySchema, decodeCursor, encodeCursor, textKeySchema } from './paging';

describe('decodeCursor', () => {
  it('returns the key of a page', () => {
    expect(decodeCursor(undefined, textKeySchema)).toBeNull();
    expect(decodeCursor(encodeCursor(['2013.1.09999.S']), textKeySchema)).toEqual(['2013.1.09999.S']);
    expect(decodeCursor(encodeCursor(['9223372036854775807']), bigintKeySchema)).toEqual(['9223372036854775807']);
  });

  it.each([
    ['NUL in a text', ['a\0b'], textKeySchema],
    ['a number above the largest bigint', ['9223372036854775808'], bigintKeySchema],
    ['a number of 20 digits', ['10000000000000000000'], bigintKeySchema],
    ['a negative number', ['-1'], bigintKeySchema],
  ])('refuses %s, which PostgreSQL cannot hold', (_, key, schema) => {
    const decode = (): unknown => decodeCursor(encodeCursor(key), schema);
    expect(decode).toThrow(
      expect.objectContaining({
        code: 'http.cursor-invalid',
        detail: { violations: [{ pointer: '/cursor', message: 'expected the `next` of the previous page' }] },
      }) as Error,
    );
  });
});
