import { randomBytes } from 'node:crypto';
import type { Source } from '../source';
import type { SourceErrorCode } from '../source.error';
import { piecesOf } from './pieces-of';

/** A place of one kind that a test can put files into. */
export interface TestPlace {
  /** Puts a file there; what its location is. */
  readonly put: (name: string, bytes: Buffer) => Promise<string>;
  /** A location of this kind in a place the archive may not read from. */
  readonly forbidden: string;
  /** A location in the allowed place where nothing is. */
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

    it('gives the bytes, and gives them again', async () => {
      expect((await read(location, bytes.length)).equals(bytes)).toBe(true);
      expect((await read(location, bytes.length)).equals(bytes)).toBe(true);
    });

    it('gives one byte', async () => {
      const one = await place.put('one', Buffer.from([7]));
      expect(await read(one, 1)).toEqual(Buffer.from([7]));
    });

    it('takes a name with letters that mean something in URLs', async () => {
      const odd = await place.put('a+b%41&c=d.tar', bytes.subarray(0, 1000));
      expect((await read(odd, 1000)).equals(bytes.subarray(0, 1000))).toBe(true);
    });

    it('says that nothing is there', async () => {
      await expect(read(place.missing, 1)).rejects.toMatchObject({ ...failure('source.not-found'), retryable: true });
    });

    it('does not read where the configuration does not allow it', async () => {
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

    it('lets go of a file that is not read to its end, and can be asked again', async () => {
      for await (const piece of piecesOf(place.at(location, bytes.length), new AbortController().signal)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      expect((await read(location, bytes.length)).equals(bytes)).toBe(true);
    });
  });
}
