import fc from 'fast-check';
import { TarEntry } from '../tar-entry';
import { TarReader } from '../read/tar.reader';
import { encodeHeaders } from './header-encoder';
import type { TreeEntry } from './tree-walk';

const FILE: TreeEntry = { path: 'p/file', type: 'file', size: 0, mode: 0o644, mtimeNs: 1_421_744_400_000_000_000n };

/** Returns what the reader reads from an entry's headers; the content is left out. */
function read(entry: TreeEntry): TarEntry {
  let found: TarEntry | null = null;
  const reader = new TarReader({
    onEntry: (read) => {
      found = read;
      return null;
    },
  });
  reader.write(encodeHeaders(entry));
  if (!found) throw new Error('no member was read');
  return found;
}

describe('encodeHeaders', () => {
  it('writes one ustar block, always the same bytes, without an owner', () => {
    const block = encodeHeaders({ ...FILE, size: 1234 });
    const text = (start: number, length: number) => block.toString('latin1', start, start + length);
    expect(block.length).toBe(512);
    expect(text(0, 7)).toBe('p/file\0');
    expect(text(100, 56)).toBe('0000644\x000000000\x000000000\x0000000002322\x0012457414420\x00010347\0 ');
    expect(text(156, 1)).toBe('0');
    expect(text(257, 8)).toBe('ustar\x0000');
    expect(text(265, 64)).toBe('\0'.repeat(64));
    expect(block).toEqual(encodeHeaders({ ...FILE, size: 1234 }));
  });

  it('marks directories by type and by a slash', () => {
    const block = encodeHeaders({ ...FILE, path: 'p/d', type: 'directory' });
    expect(block.toString('latin1', 0, 5)).toBe('p/d/\0');
    expect(block.toString('latin1', 156, 157)).toBe('5');
  });

  it.each([
    ['a name of 100 bytes', 'n'.repeat(100), 512],
    ['a name of 101 bytes without a slash', 'n'.repeat(101), 1536],
    ['a prefix of 155 bytes and a name of 100', `${'p'.repeat(155)}/${'n'.repeat(100)}`, 512],
    ['a prefix of 156 bytes', `${'p'.repeat(156)}/${'n'.repeat(10)}`, 1536],
    ['a name of 101 bytes after a prefix', `p/${'n'.repeat(101)}`, 1536],
    ['a name outside ASCII', 'é', 1536],
    ['a name with a newline', 'a\nb', 1536],
  ])('writes the headers for %s', (_, path, length) => {
    expect(encodeHeaders({ ...FILE, path }).length).toBe(length);
    expect(read({ ...FILE, path }).path).toBe(path);
  });

  it.each([
    ['8 GiB - 1', 8 ** 11 - 1, 512],
    ['8 GiB', 8 ** 11, 1536],
    ['200 GiB', 200 * 2 ** 30, 1536],
  ])('writes the headers for a file of %s', (_, size, length) => {
    expect(encodeHeaders({ ...FILE, size }).length).toBe(length);
    expect(read({ ...FILE, size })).toMatchObject({ size, storedSize: size, offset: length });
  });

  it.each([
    ['within ustar', 1_421_744_400_999_999_999n, 1421744400_000],
    ['beyond 2038', 4_000_000_000_000_000_000n, 4_000_000_000_000],
    ['beyond 2242', 9_000_000_000_000_000_000n, 9_000_000_000_000],
    ['before 1970, rounded down', -1_250_000_000n, -2000],
  ])('keeps a modification time %s to the second', (_, mtimeNs, time) => {
    expect(read({ ...FILE, mtimeNs }).mtime).toEqual(new Date(time));
  });

  it('writes headers from which the reader reads every entry back', () => {
    const part = fc.string({
      minLength: 1,
      maxLength: 60,
      unit: fc.oneof(fc.constantFrom(...'abc.+_- '), fc.constantFrom('é', '文')),
    });
    const path = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('/'));
    const entry: fc.Arbitrary<TreeEntry> = fc.record({
      path,
      type: fc.constantFrom('file', 'directory'),
      size: fc.oneof(
        fc.nat(),
        fc.maxSafeNat().map((size) => size % 2 ** 41),
      ),
      mode: fc.nat(0o7777),
      mtimeNs: fc.bigInt(-(10n ** 18n), 10n ** 19n),
    });
    fc.assert(
      fc.property(entry, (original) => {
        const expected = { ...original, size: original.type === 'file' ? original.size : 0 };
        const found = read(expected);
        const { path, type, size, mode } = expected;
        expect(found).toMatchObject({
          path,
          type,
          size,
          mode,
          offset: encodeHeaders(expected).length,
          headerOffset: 0,
        });
        const seconds = BigInt(found.mtime?.getTime() ?? 0) / 1000n;
        expect(expected.mtimeNs - seconds * 10n ** 9n).toBeGreaterThanOrEqual(0n);
        expect(expected.mtimeNs - seconds * 10n ** 9n).toBeLessThan(10n ** 9n);
      }),
      { numRuns: 500 },
    );
  });
});
