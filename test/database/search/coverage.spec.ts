import type { DataSource } from 'typeorm';
import { ContentRepository } from '../../../apps/search/content/content.repository';
import { coveringCells } from '../../../apps/search/coverage/cells';
import { coverageRows } from '../../../apps/search/coverage/coverage-rows';
import { CoverageRepository, type Scope } from '../../../apps/search/coverage/coverage.repository';
import { CoverageService } from '../../../apps/search/coverage/coverage.service';
import { TestDatabase } from '../../harness/test-database';

const PROJECTS = ['2013.1.00001.S', '2013.1.00002.S'] as const;
/** Footprints by ObsUnitSet and band: they touch, overlap, contain each other, and cross RA 0. */
const DELIVERIES = [
  { ous: 'A', project: PROJECTS[0], band: '6', footprint: 'Circle ICRS 0 0 2' },
  { ous: 'B', project: PROJECTS[0], band: '7', footprint: 'Circle ICRS 0.5 0.5 0.01' },
  { ous: 'C', project: PROJECTS[1], band: '6', footprint: 'Polygon ICRS 1 -2 9 -2 9 3 1 3' },
  { ous: 'D', project: PROJECTS[1], band: '3', footprint: 'Circle ICRS 100 -89.9 0.02' },
] as const;
type Delivered = (typeof DELIVERIES)[number];

describe('coverage', () => {
  let db: TestDatabase;
  let source: DataSource;
  let repository: CoverageRepository;
  let service: CoverageService;

  beforeAll(async () => {
    db = await TestDatabase.create();
    source = await db.open('search');
    repository = new CoverageRepository(source);
    service = new CoverageService(repository);
    await source.transaction(async (manager) => {
      for (const delivered of DELIVERIES) {
        await load(delivered);
        const { ous, project, band } = delivered;
        const about = { obs_id: ous, ous, proposal_id: project, group_ous_uid: 'G', band_list: band };
        const common = { dataproduct_type: 'cube', calib_level: 2, qa2_passed: 'T', access_estsize: 1 };
        const row = { ...about, ...common, lastmodified: '2024-01-01' };
        await new ContentRepository().addObservations(manager, [row]);
      }
    });
  });
  afterAll(() => db.drop());

  async function load({ ous, project, band, footprint }: Omit<Delivered, 'ous'> & { ous: string }): Promise<void> {
    const rows = coverageRows([{ footprint, band_list: band }], { ous, project });
    await source.transaction((manager) => repository.replace(manager, ous, rows));
  }

  /** Every cell of order 10 of a map, whose cells must not overlap. */
  function expanded(map: Record<string, number[]>): number[] {
    const cells = Object.entries(map).flatMap(([order, list]) =>
      list.flatMap((cell) => {
        const parts = 4 ** (10 - Number(order));
        return Array.from({ length: parts }, (_, part) => cell * parts + part);
      }),
    );
    expect(new Set(cells).size).toBe(cells.length);
    return cells.sort((a, b) => a - b);
  }

  const mapOf = async (scope: Scope): Promise<Record<string, number[]>> => {
    const fingerprint = await service.fingerprint(scope);
    return JSON.parse((await service.map(scope, 'json', fingerprint ?? '')).toString()) as Record<string, number[]>;
  };

  function cellsOf(isShown: (delivered: Delivered) => boolean): number[] {
    const cells = new Set<number>();
    for (const { footprint } of DELIVERIES.filter(isShown)) {
      for (const [from, end] of coveringCells(footprint)) for (let cell = from; cell < end; cell++) cells.add(cell);
    }
    return [...cells].sort((a, b) => a - b);
  }

  it.each<[Scope, (delivered: Delivered) => boolean]>([
    [{}, () => true],
    [{ project: PROJECTS[0] }, ({ project }) => project === PROJECTS[0]],
    [{ band: 6 }, ({ band }) => band === '6'],
    [{ project: PROJECTS[1], band: 3 }, ({ project, band }) => project === PROJECTS[1] && band === '3'],
    [{ band: 9 }, () => false],
  ])('of %j is the union of the footprints, in the largest cells that fit', async (scope, isShown) => {
    const map = await mapOf(scope);
    expect(expanded(map)).toEqual(cellsOf(isShown));
    for (const [order, cells] of Object.entries(map)) {
      // Four cells that fill a larger one are never listed.
      const families = cells.filter((cell) => cell % 4 === 0 && [1, 2, 3].every((part) => cells.includes(cell + part)));
      expect([order, order === '0' ? [] : families]).toEqual([order, []]);
      expect(cells).toEqual([...cells].sort((a, b) => a - b));
    }
    expect(Object.keys(map).at(-1)).toBe('10');
  });

  it('as FITS has the same cells, as NUNIQ numbers in blocks of 2880 bytes', async () => {
    const file = await service.map({}, 'fits', 'now');
    expect(file.length % 2880).toBe(0);
    const header = file.subarray(2880, 5760).toString();
    expect(header).toMatch(/^XTENSION= 'BINTABLE'/);
    expect(header).toContain("ORDERING= 'NUNIQ   '");
    expect(header).toContain('MOCORD_S=                   10');
    const rows = Number(/NAXIS2 {2}= +(\d+)/.exec(header)?.[1]);
    const map: Record<string, number[]> = {};
    for (let row = 0; row < rows; row++) {
      const uniq = Number(file.readBigInt64BE(5760 + 8 * row));
      const order = Math.floor(Math.log2(uniq) / 2) - 1;
      (map[order] ??= []).push(uniq - 4 ** (order + 1));
    }
    expect(expanded(map)).toEqual(cellsOf(() => true));
  });

  it('has another fingerprint when a delivery is replaced or withdrawn, and none for an unknown project', async () => {
    const everything = await service.fingerprint({});
    expect(await service.fingerprint({})).toBe(everything);
    expect(await service.fingerprint({ project: '2013.1.00003.S' })).toBeNull();
    const before = await mapOf({ project: PROJECTS[0] });
    await load({ ...DELIVERIES[1], footprint: 'Circle ICRS 50 50 0.01' as never });
    const replaced = await service.fingerprint({});
    expect(replaced).not.toBe(everything);
    expect(expanded(await mapOf({ project: PROJECTS[0] }))).not.toEqual(expanded(before));
    await source.transaction((manager) => repository.replace(manager, 'B', []));
    expect([everything, replaced]).not.toContain(await service.fingerprint({}));
    expect(expanded(await mapOf({ band: 7 }))).toEqual([]);
  });
});
