import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ObjectInfo } from '@almagest/object-store';
import { Fixture } from './fixture';
import { wrapped } from './wrapped-store';

// Only ends a run that hangs.
jest.setTimeout(3_600_000);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const OBJECTS = 1_000_000;
/** Gives all hexadecimal numbers the same length, so that the keys sort like the numbers. */
const BASE = 0x1000000;
const MEASURE_EVERY = OBJECTS / 10;
/** A list of a million keys would need a hundred times this. Bytes. */
const MAX_GROWTH = 24 * 1024 ** 2;
const MODIFIED = new Date(0);
const CONTENT = Buffer.from('the same content in every object');
const DIGEST = createHash('sha256').update(CONTENT).digest('hex');

/** Returns sorted keys like those of many deliveries with one part each. */
function keyOf(number: number): string {
  return `2013.1.09999.S/uid___A001_X1_Xa2/uid___A001_X1_X${(BASE + number).toString(16)}/r1/part.tar`;
}

/** The catalogue is real; the store's listing is generated. */
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

  const measure = (): void => {
    collectGarbage();
    heap.push(process.memoryUsage().heapUsed + process.memoryUsage().external);
  };
  /** Returns the growth of the memory in use since the first tenth. */
  const growth = (): number => Math.max(...heap.slice(1)) - (heap[1] ?? 0);
  async function* listing(isThere: (number: number) => boolean): AsyncGenerator<ObjectInfo> {
    for (let number = 0; number < OBJECTS; number++) {
      if (number > 0 && number % MEASURE_EVERY === 0) measure();
      if (isThere(number)) yield { key: keyOf(number), size: CONTENT.length, modifiedAt: MODIFIED, etag: '' };
    }
  }

  it('a reconciliation uses no more memory at the end than at the beginning', async () => {
    const store = wrapped(archive.store, { list: () => listing((number) => number % 1000 !== 0) });
    const service = archive.reconciliations(store);
    const { id } = await service.request(true);
    await service.run(id, archive.never);
    expect((await archive.runs.find('reconciliation', id))?.progress).toEqual({
      catalogued: OBJECTS,
      stored: 999_000,
      recent: 0,
      inFlight: 0,
      findingCount: 1000,
      repaired: 0,
    });
    expect(heap).toHaveLength(9);
    expect(growth()).toBeLessThan(MAX_GROWTH);
  });

  it('a scrub uses no more memory at the end than at the beginning, and records every object', async () => {
    let read = 0;
    const store = wrapped(archive.store, {
      scan: async function* () {
        if (++read % MEASURE_EVERY === 0) measure();
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
    expect(growth()).toBeLessThan(MAX_GROWTH);
  });
});
