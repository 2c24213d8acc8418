import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ALMINER_CALLS, ASTROQUERY_CALLS } from './expected-results';
import { startSampleArchive } from './sample-archive';
import { REPOSITORY } from '../../acceptance/harness/built';
import { installStilts, taplint, votlint } from './stilts';
import type { Archive } from '../../acceptance/harness/archive';

const run = promisify(execFile);
const ENGINES = join(__dirname, '..');

/** The stages of taplint; each must run. */
const STAGES = 'TMV TME TMS TMC CPV CAP AVV QGE QPO QAS UWS MDQ OBS LOC UPL EXA'.split(' ');
/** What taplint reports besides errors, and why it is right as it is. */
const EXPLAINED: Record<string, string> = {
  'CAP-SVR0': 'No header Server: the archive does not state which software answers',
  'LOC-NOTP': 'ObsLocTAP (ivoa.obsplan) lists planned observations, which an archive of deliveries does not have',
};

describe('the clients of astronomers, unmodified', () => {
  let archive: Archive;

  beforeAll(async () => {
    installStilts();
    archive = await startSampleArchive();
  });
  afterAll(() => archive.remove());

  /** Runs a script of this folder on the archive, and returns what it prints. */
  async function results(script: string, environment = 'clients', ...args: string[]): Promise<Record<string, unknown>> {
    const python = execFileSync(process.execPath, [join(ENGINES, 'python.mjs'), environment])
      .toString()
      .trim();
    const { stdout } = await run(python, [join(__dirname, script), archive.client.url, ...args]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it('pyvo queries, describes and counts', async () => {
    const seen = await results('pyvo_calls.py');
    expect(seen).toMatchObject({
      top: 2,
      region: 'O',
      overflow: [1, 'OVERFLOW'],
      available: true,
      maxrec: 10_000_000,
      tables: expect.arrayContaining(['ivoa.obscore', 'alma.asdm', 'TAP_SCHEMA.columns']) as unknown,
      described: (seen['columns'] as string[]).length,
      error: expect.stringContaining('did you mean obs_id?') as unknown,
    });
    expect(seen['columns']).toHaveLength(72);
    expect(seen['columns']).toContain('lastModified');
    expect(seen['binary']).toHaveLength(6);
    // Each example runs; the project, its ASDMs and its files are those of the sample.
    expect(seen['examples']).toEqual([0, 0, 0, 3, 2, expect.any(Number)]);
  });

  it('pyvo, astropy and pyarrow upload and read tables in every form', async () => {
    expect(await results('upload_calls.py', 'tables')).toEqual({
      different: {
        tabledata: [],
        binary: [],
        binary2: [],
        'answer in binary2': [],
        parquet: [],
        'answer in parquet': [],
        'parquet of the archive': [],
      },
      unit: 'deg',
      units: ['deg', 'deg'],
      'compressed alike': ['votable', 'votable/b2', 'csv', 'tsv', 'jsonl', 'parquet'],
      joined: true,
      two: 3,
      methods: 3,
    });
  });

  it('pyvo submits, runs, waits for, fetches, aborts, lists and deletes asynchronous queries', async () => {
    expect(await results('pyvo_async.py', 'clients', archive.client.authorization)).toEqual({
      created: 'PENDING',
      version: '1.1',
      durations: [3600, 60],
      kept: 0,
      phase: 'COMPLETED',
      query: 'SELECT obs_id, s_ra FROM ivoa.obscore ORDER BY obs_id',
      rows: [2, 'OVERFLOW'],
      owner: expect.stringMatching(/^service:/) as unknown,
      listed: true,
      elsewhere: [],
      deleted: [],
      error: expect.stringContaining('nothing') as unknown,
      aborted: 'ABORTED',
      run_async: 6,
    });
  });

  it('astroquery, pyvo and mocpy find images, cones and coverage', async () => {
    const seen = await results('discovery_calls.py');
    const { url } = archive.client;
    expect(seen).toMatchObject({
      ...{ all: true, target: 0, level: true, maxrec: 1, available: true, described: [0, 73] },
      links: `${url}/datalink/sync`,
      itself: `${url}/sia2/query`,
      refusal: expect.stringContaining('UsageFault: POL is') as unknown,
      ...{ cone: true, columns: [3, 20, 72] },
      cone_refusal: expect.stringContaining('SR has 200') as unknown,
      ...{ order: 10, forms: true, covers: true, bands: true, project: true, nothing: true },
      records: 4,
    });
    expect(seen['pyvo']).toEqual(seen['astroquery']);
    expect((seen['pyvo'] as string[]).length).toBeGreaterThan(0);
    expect(seen['range']).toBeGreaterThan(0);
    expect((seen['main'] as [string, boolean])[1]).toBe(true);
    // The map exceeds the footprints by less than a cell around each.
    expect(seen['excess']).toBeLessThan(4);
  });

  it('astroquery makes each of its calls', async () => {
    expect(await results('astroquery_calls.py')).toEqual(ASTROQUERY_CALLS);
  });

  it('alminer makes each of its calls', async () => {
    expect(await results('alminer_calls.py', 'alminer')).toEqual(ALMINER_CALLS);
  });

  it('the session of docs/users/search.md runs as it is written', async () => {
    const seen = await results('run_blocks.py', 'clients', join(REPOSITORY, 'docs/users/search.md'));
    expect(seen).toEqual({ blocks: expect.any(Number) as number, compared: expect.any(Number) as number, wrong: [] });
    expect(seen['compared']).toBeGreaterThan(6);
  });

  it('pyvo cuts out of every image what Cutout2D and spectral-cube do', async () => {
    expect(await results('soda_calls.py', 'cutouts')).toEqual({ images: 21, cuts: 63, differences: {} });
  });

  it('taplint finds no error', async () => {
    const { reports, stages, output } = await taplint(archive.client.url, STAGES);
    expect({ unexplained: reports.filter(({ code }) => !(code in EXPLAINED)), stages }).toEqual({
      unexplained: [],
      stages: STAGES,
    });
    expect(output).toContain('Errors: 0;');
  });

  it.each([
    ['TABLEDATA', 'SELECT * FROM ivoa.obscore', {}],
    ['BINARY2', 'SELECT * FROM ivoa.obscore', { RESPONSEFORMAT: 'votable/b2' }],
    [
      'BINARY2 with arrays',
      'SELECT TOP 3 POINT(s_ra, s_dec) AS p, s_ra FROM ivoa.obscore',
      { RESPONSEFORMAT: 'votable/b2' },
    ],
    ['a result that was cut', 'SELECT * FROM alma.file', { MAXREC: '1' }],
    ['a result without rows', 'SELECT * FROM alma.changes', { MAXREC: '0' }],
    ['an error', 'SELECT nothing FROM ivoa.obscore', {}],
  ])('votlint accepts %s', async (_, query, parameters) => {
    const search = new URLSearchParams({ QUERY: query, ...parameters }).toString();
    expect(await votlint(`${archive.client.url}/tap/sync?${search}`)).toEqual([]);
  });

  it.each([
    '/sia2/query?MAXREC=0',
    '/sia2/query?CALIB=2',
    '/sia2/query?CALIB=2&RESPONSEFORMAT=votable/b2',
    '/sia2/query?POS=nowhere',
    '/scs/query?RA=0&DEC=0&SR=180',
    '/scs/query?RA=0&DEC=0&SR=0&VERB=3',
    '/scs/query?RA=0',
  ])('votlint accepts %s', async (path) => {
    expect(await votlint(`${archive.client.url}${path}`)).toEqual([]);
  });
});
