import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ObjectInfo } from '@almagest/object-store';
import { Fixture } from './fixture';
import { wrapped } from './wrapped-store';

// It only ends what would never end.
jest.setTimeout(3_600_000);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const OBJECTS = 1_000_000;
/** Keeps the hexadecimal numbers of one length, and so the keys in the order of the numbers. */
const BASE = 0x1000000;
const LOOK_EVERY = OBJECTS / 10;
/** What listings of a million keys would take is a hundred times this. */
const MOST_GROWTH = 24 * 1024 ** 2;
const MODIFIED = new Date(0);
const CONTENT = Buffer.from('the same content in every object');
const DIGEST = createHash('sha256').update(CONTENT).digest('hex');

/** Keys in order, as many deliveries of one part each would have them. */
function keyOf(number: number): string {
  return `2013.1.09999.S/uid___A001_X1_Xa2/uid___A001_X1_X${(BASE + number).toString(16)}/r1/part.tar`;
}

/** The catalogue is real; the store's listing is made up, for its size. */
describe('over a million objects', () => {
  let archive: Fixture;
  let heap: number[];

  beforeAll(async () => {
    archive = await Fixture.create();
    await archive.source.query(
      `INSERT INTO catalogue.part (delivery_id, name, position, size, sha256, object_key)
         SELECT gen_random_uuid(), 'part.tar', 1, $1, $2,
                '2013.1.09999.S/uid___A001_X1_Xa2/uid___A001_X1_X' || to_hex($4::int + number) || '/r1/part.tar'
           FROM generate_series(0, $3::int - 1) AS number`,
      [CONTENT.length, DIGEST, OBJECTS, BASE],
    );
  });
  beforeEach(() => {
    heap = [];
  });
  afterAll(() => archive.close());

  const look = (): void => {
    collectGarbage();
    heap.push(process.memoryUsage().heapUsed + process.memoryUsage().external);
  };
  /** How much more is held at the end than after the first tenth, when everything is warm. */
  const growth = (): number => Math.max(...heap.slice(1)) - (heap[1] ?? 0);
  async function* listing(isThere: (number: number) => boolean): AsyncGenerator<ObjectInfo> {
    for (let number = 0; number < OBJECTS; number++) {
      if (number > 0 && number % LOOK_EVERY === 0) look();
      if (isThere(number)) yield { key: keyOf(number), size: CONTENT.length, modifiedAt: MODIFIED, etag: '' };
    }
  }

  it('a reconciliation holds no more at the end than at the beginning', async () => {
    const store = wrapped(archive.store, { list: () => listing((number) => number % 1000 !== 0) });
    const service = archive.reconciliations(store);
    const { id } = await service.request(true);
    await service.run(id, archive.never);
    expect((await archive.runs.find('reconciliation', id))?.progress).toEqual({
      ...{ catalogued: OBJECTS, stored: 999_000, recent: 0, inFlight: 0, findingCount: 1000, repaired: 0 },
    });
    expect(heap).toHaveLength(9);
    expect(growth()).toBeLessThan(MOST_GROWTH);
  });

  it('a scrub holds no more at the end than at the beginning, and remembers every object', async () => {
    let read = 0;
    const store = wrapped(archive.store, {
      scan: async function* () {
        if (++read % LOOK_EVERY === 0) look();
        yield CONTENT;
      },
    });
    const service = archive.scrubs(store);
    const { id } = await service.request();
    await service.run(id, archive.never);
    expect((await archive.runs.find('scrub', id))?.progress).toMatchObject({
      objects: { due: OBJECTS, read: OBJECTS },
      damaged: 0,
    });
    const [row] = await archive.db.rows<{ count: string }>(
      `SELECT count(*) FROM catalogue.checked_object WHERE outcome = 'good'`,
    );
    expect(row).toEqual({ count: String(OBJECTS) });
    expect(heap).toHaveLength(10);
    expect(growth()).toBeLessThan(MOST_GROWTH);
  });
});
