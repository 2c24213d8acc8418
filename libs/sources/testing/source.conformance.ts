import { randomBytes } from 'node:crypto';
import type { Source } from '../source';
import type { SourceErrorCode } from '../source.error';
import { piecesOf } from './pieces-of';

/** A location of one kind that a test can put files into. */
export interface TestPlace {
  /** Stores a file and returns its location. */
  readonly put: (name: string, bytes: Buffer) => Promise<string>;
  /** A location of this kind that the archive may not read from. */
  readonly forbidden: string;
  /** An allowed location that does not exist. */
  readonly missing: string;
  readonly at: (location: string, size: number) => Source;
  readonly stop: () => Promise<void>;
}

/** Registers the jest tests that the source of every kind of location must pass. */
export function sourceConformance(kind: string, make: () => Promise<TestPlace>): void {
  describe(`${kind} as a source`, () => {
    const bytes = randomBytes(3_000_001);
    let place: TestPlace;
    let location: string;

    beforeAll(async () => {
      place = await make();
      location = await place.put('2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar', bytes);
    });
    afterAll(() => place?.stop());

    const read = async (from: string, size: number): Promise<Buffer> => {
      const pieces: Buffer[] = [];
      for await (const piece of piecesOf(place.at(from, size), new AbortController().signal)) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const failure = (code: SourceErrorCode): object => ({ name: 'SourceError', code });

    it('reads the bytes, and reads them again', async () => {
      expect((await read(location, bytes.length)).equals(bytes)).toBe(true);
      expect((await read(location, bytes.length)).equals(bytes)).toBe(true);
    });

    it('reads one byte', async () => {
      const one = await place.put('one', Buffer.from([7]));
      expect(await read(one, 1)).toEqual(Buffer.from([7]));
    });

    it('reads a name with characters that are special in URLs', async () => {
      const odd = await place.put('a+b%41&c=d.tar', bytes.subarray(0, 1000));
      expect((await read(odd, 1000)).equals(bytes.subarray(0, 1000))).toBe(true);
    });

    it('reports a missing file', async () => {
      await expect(read(place.missing, 1)).rejects.toMatchObject({ ...failure('source.not-found'), retryable: true });
    });

    it('refuses a location that the configuration does not allow', async () => {
      await expect(read(place.forbidden, 1)).rejects.toMatchObject({
        ...failure('source.not-allowed'),
        retryable: false,
      });
    });

    it('ends with the reason of its signal', async () => {
      const stop = new AbortController();
      const reading = (async () => {
        for await (const piece of piecesOf(place.at(location, bytes.length), stop.signal)) {
          if (piece.length > 0) stop.abort(new Error('the service stops'));
        }
      })();
      await expect(reading).rejects.toThrow('the service stops');
    });

    it('closes a file that was not read to its end, and can read it again', async () => {
      for await (const piece of piecesOf(place.at(location, bytes.length), new AbortController().signal)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      expect((await read(location, bytes.length)).equals(bytes)).toBe(true);
    });
  });
}
