import fc from 'fast-check';
import { decodeEntry, decodeHeader, encodeEntry, encodeHeader, type JournalEntry } from './upload-journal';

const number = fc.integer({ min: 1, max: 10_000 });
const entry: fc.Arbitrary<JournalEntry> = fc.oneof(
  fc.record({
    kind: fc.constant('chunk' as const),
    chunk: fc.record({
      number,
      size: fc.integer({ min: 1, max: 2 ** 30 }),
      etag: fc.stringMatching(/^[0-9a-f]{8}$/),
    }),
  }),
  fc.record({ kind: fc.constant('void' as const), number }),
);
const lineOf = (text: string): string => text.slice(0, -1);

describe('the journal of an upload', () => {
  it('reads back every line, each ending with one line feed', () => {
    fc.assert(
      fc.property(entry, (written) => {
        const text = encodeEntry(written);
        expect(text.indexOf('\n')).toBe(text.length - 1);
        expect(decodeEntry(lineOf(text))).toEqual(written);
      }),
    );
  });

  it('rejects a line truncated at any position', () => {
    fc.assert(
      fc.property(entry, fc.nat(), (written, cut) => {
        const line = lineOf(encodeEntry(written));
        expect(decodeEntry(line.slice(0, cut % line.length))).toBeNull();
      }),
    );
  });

  it('rejects a line with one changed character', () => {
    fc.assert(
      fc.property(entry, fc.nat(), fc.stringMatching(/^[0-9a-f ]$/), (written, at, other) => {
        const line = lineOf(encodeEntry(written));
        const place = at % line.length;
        fc.pre(line[place] !== other);
        expect(decodeEntry(line.slice(0, place) + other + line.slice(place + 1))).toBeNull();
      }),
    );
  });

  it('rejects any other text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decodeEntry(text) === null));
  });

  it('reads back the header', () => {
    const header = { key: 'p/ous/r1/a.tar', chunkSize: 8388608, startedAt: new Date('2026-11-23T05:28:00.123Z') };
    const line = lineOf(encodeHeader(header));
    expect(line).toMatch(/^almagest-upload 1 p\/ous\/r1\/a\.tar 8388608 2026-11-23T05:28:00\.123Z [0-9a-f]{8}$/);
    expect(decodeHeader(line)).toEqual(header);
    expect(decodeHeader(line.slice(0, -1))).toBeNull();
    expect(decodeEntry(line)).toBeNull();
    expect(decodeHeader('')).toBeNull();
  });
});
