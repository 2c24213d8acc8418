import { footprintOf, functionsSql, translate } from '@almagest/adql';
import { SCHEMA, TABLES_SQL, UPLOADS } from '../../../libs/adql/testing/schema';
import { TestDatabase } from '../../harness/test-database';
import {
  degrees,
  meetsRange,
  offset,
  outlineOf,
  Part,
  partHas,
  partsMeet,
  partWithin,
  separation,
  vector,
  Vector,
} from './brute-force';
import { adqlOf, randomFrom, RandomSky, stcS } from './random-sky';

/** `TEST_ADQL_QUERIES=10000` compares more. */
const QUERIES = Number(process.env['TEST_ADQL_QUERIES'] ?? 100);
const FOOTPRINTS = 800;
const SEED = Number(process.env['TEST_ADQL_SEED'] ?? 1);

interface Footprint {
  id: string;
  parts: Part[];
  /** The centre of the first part, as s_ra and s_dec. */
  centre: Vector;
}

describe('regions in the database, compared with brute force', () => {
  let database: TestDatabase;
  const sky = new RandomSky(randomFrom(SEED));
  const footprints: Footprint[] = [];
  let hits = 0;

  beforeAll(async () => {
    database = await TestDatabase.create();
    await database.pool.query('CREATE SCHEMA sky');
    await database.pool.query(functionsSql('sky'));
    await database.pool.query(TABLES_SQL);
    for (let index = 0; index < FOOTPRINTS; index++) {
      const parts = sky.footprint();
      const [first] = parts;
      const centre = first && 'radius' in first ? first.centre : (first?.ring[0] as Vector);
      const [ra, dec] = degrees(centre);
      footprints.push({ id: `F${index}`, parts, centre: vector(ra, dec) });
      const region = stcS(parts);
      const { box, x, y, z, radius, shape } = footprintOf(region);
      await database.pool.query(
        `INSERT INTO sky.observation (obs_id, s_ra, s_dec, centre, s_region, box, x, y, z, radius, shape)
         VALUES ($1, $2, $3, point($2, $3), $4, $5, $6, $7, $8, $9, $10)`,
        [`F${index}`, ra, dec, region, box, x, y, z, radius, shape],
      );
    }
    await database.pool.query('ANALYZE sky.observation');
  });
  afterAll(() => database.drop());

  async function found(condition: string): Promise<string[]> {
    const { sql } = translate(`SELECT obs_id FROM ivoa.obscore WHERE ${condition}`, SCHEMA, { uploads: UPLOADS });
    const rows = await database.rows<{ c1: string }>(sql);
    hits += rows.length;
    return rows.map(({ c1 }) => c1).sort();
  }

  /** `undefined` where the samples of brute force are too coarse. */
  async function compare(condition: string, expected: (footprint: Footprint) => boolean | undefined): Promise<void> {
    const rows = await found(condition);
    const answers = footprints.map((footprint) => ({ id: footprint.id, wanted: expected(footprint) }));
    const decided = new Set(answers.filter(({ wanted }) => wanted !== undefined).map(({ id }) => id));
    const wanted = answers.filter((answer) => answer.wanted === true).map(({ id }) => id);
    expect({ condition, rows: rows.filter((id) => decided.has(id)) }).toEqual({ condition, rows: wanted.sort() });
  }

  const some = (footprint: Footprint, test: (part: Part) => boolean): boolean => footprint.parts.some(test);

  /** One query of each kind in turn. */
  const kinds: (() => Promise<void>)[] = [
    async () => {
      const cone = sky.circle();
      await compare(`1 = INTERSECTS(${adqlOf(cone)}, s_region)`, (one) => some(one, (part) => partsMeet(cone, part)));
    },
    async () => {
      const drawn = sky.polygon();
      const polygon: Part = 'ring' in drawn ? { ring: drawn.ring, holes: [] } : drawn;
      await compare(`INTERSECTS(s_region, ${adqlOf(polygon)}) = 1`, (one) =>
        some(one, (part) => partsMeet(polygon, part)),
      );
    },
    async () => {
      const [ra, dec] = degrees(sky.direction());
      const point = vector(ra, dec);
      await compare(`1 = CONTAINS(POINT(${ra}, ${dec}), s_region)`, (one) => some(one, (part) => partHas(part, point)));
    },
    async () => {
      // Next to a corner or the rim of a footprint.
      const { parts } = footprints[Math.floor(sky.between(0, FOOTPRINTS))] as Footprint;
      const [part] = parts;
      const rim =
        part && 'radius' in part
          ? offset(part.centre, part.radius, sky.between(0, 6.28))
          : (part?.ring[Math.floor(sky.between(0, part.ring.length))] as Vector);
      const [ra, dec] = degrees(offset(rim, sky.between(1e-8, 1e-6), sky.between(0, 6.28)));
      const point = vector(ra, dec);
      await compare(`CONTAINS(POINT('', ${ra}, ${dec}), s_region) = 1`, (one) =>
        some(one, (candidate) => partHas(candidate, point)),
      );
    },
    async () => {
      const cone = sky.circle();
      await compare(`1 = CONTAINS(s_region, ${adqlOf(cone)})`, (one) =>
        one.parts.every((part) => partWithin(part, cone)),
      );
    },
    async () => {
      const centre = sky.direction();
      const cone: Part = { centre: vector(...degrees(centre)), radius: (sky.size() / 20) * (Math.PI / 180) };
      await compare(`1 = CONTAINS(${adqlOf(cone)}, s_region)`, (one) => some(one, (part) => partWithin(cone, part)));
    },
    async () => {
      const drawn = sky.polygon();
      const polygon: Part = 'ring' in drawn ? { ring: drawn.ring, holes: [] } : drawn;
      await compare(`1 = CONTAINS(s_region, ${adqlOf(polygon)})`, (one) =>
        one.parts.every((part) => partWithin('ring' in part ? { ring: part.ring, holes: [] } : part, polygon)),
      );
    },
    async () => {
      const { centre, radius } = sky.circle() as { centre: Vector; radius: number };
      const [ra, dec] = degrees(centre);
      const limit = radius / (Math.PI / 180);
      await compare(
        `DISTANCE(POINT(s_ra, s_dec), POINT(${ra}, ${dec})) < ${limit}`,
        (one) => separation(one.centre, centre) < radius,
      );
    },
    async () => {
      const shape = sky.polygon();
      const polygon: Part = 'ring' in shape ? { ring: shape.ring, holes: [] } : shape;
      await compare(`1 = CONTAINS(POINT(s_ra, s_dec), ${adqlOf(polygon)})`, (one) => partHas(polygon, one.centre));
    },
    async () => {
      const range = sky.range();
      const { west, width, low, high } = range;
      const outline = outlineOf(range);
      await compare(`1 = INTERSECTS(RANGE_S2D(${west}, ${west + width}, ${low}, ${high}), s_region)`, (one) => {
        const answers = one.parts
          .filter((part) => !('ring' in part) || part.holes.length === 0)
          .map((part) => meetsRange(part, range, outline));
        if (answers.length < one.parts.length) return undefined;
        return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
      });
    },
  ];

  it(`answers ${QUERIES} random queries right, near poles, RA 0 and edges too`, async () => {
    for (let index = 0; index < QUERIES; index++) await kinds[index % kinds.length]?.();
    expect(hits).toBeGreaterThan(QUERIES);
  }, 3_600_000);

  it('decides that a region contains and meets itself', async () => {
    const { sql } = translate(
      `SELECT COUNT(*) FROM ivoa.obscore WHERE CONTAINS(CENTROID(CIRCLE(s_ra, s_dec, 1)), CIRCLE(s_ra, s_dec, 1)) = 1
       AND INTERSECTS(s_region, s_region) = 1`,
      SCHEMA,
    );
    expect(await database.rows(sql)).toEqual([{ c1: String(FOOTPRINTS) }]);
  });
});
