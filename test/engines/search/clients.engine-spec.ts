import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ALMINER_CALLS, ASTROQUERY_CALLS } from './expected-results';
import { startSampleArchive } from './sample-archive';
import { REPOSITORY } from '../../acceptance/harness/built';
import { datalinklint, installStilts, taplint, votlint } from './stilts';
import type { Archive } from '../../acceptance/harness/archive';

const run = promisify(execFile);
const ENGINES = join(__dirname, '..');

/** The stages of taplint; each must run. */
const STAGES = 'TMV TME TMS TMC CPV CAP AVV QGE QPO QAS UWS MDQ OBS LOC UPL EXA'.split(' ');
/** What taplint reports besides errors, and why it is right as it is. */
const EXPLAINED: Record<string, string> = {
  'CAP-SVR0': 'No header Server: the archive does not state which software answers',
  'UPL-YAR1': 'The table that taplint uploads has columns of arraysize 1, which the result has too',
  'LOC-NOTP': 'ObsLocTAP (ivoa.obsplan) lists planned observations, which an archive of deliveries does not have',
};

const PARTS = ['1_of_2', '2_of_2'].map((part) => `2013.1.09999.S_uid___A001_X1_Xa3_${part}.tar`);
/** What the validator does not know without the network, or at all (docs/users/search.md). */
const EXPLAINED_LINKS = /^Unknown predicate '(documentation|datalink)' from core DataLink vocabulary/;
const ASDMS = ['Xb1', 'Xb2'].map((block) => `2013.1.09999.S_uid___A002_X1_${block}.asdm.sdm.tar`);

describe('the clients of astronomers, unmodified', () => {
  let archive: Archive;
  let folder: string;

  beforeAll(async () => {
    installStilts();
    archive = await startSampleArchive();
    folder = await mkdtemp(join(tmpdir(), 'almagest-clients-'));
  });
  afterAll(async () => {
    await archive.remove();
    await rm(folder, { recursive: true });
  });

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
    expect(seen['columns']).toHaveLength(74);
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
      ...{ all: true, target: 0, level: true, maxrec: 1, available: true, described: [0, 75] },
      links: `${url}/datalink/sync`,
      itself: `${url}/sia2/query`,
      refusal: expect.stringContaining('UsageFault: CALIB is') as unknown,
      ...{ cone: true, columns: [3, 20, 74] },
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
    expect(await results('alminer_calls.py', 'alminer', folder)).toEqual(ALMINER_CALLS);
  });

  it('astroquery lists, expands, downloads and resumes; pyvo calls the services', async () => {
    const all = [...PARTS, ...ASDMS, 'README'].sort();
    expect(await results('datalink_calls.py', 'clients', folder)).toEqual({
      whole: expect.arrayContaining(all) as unknown,
      'without auxiliary': expect.arrayContaining(all) as unknown,
      'without raw data': [...PARTS, 'README'].sort(),
      // README, 2 tars, 2 ASDMs and 41 files of the member; README, tar and 9 files of the group.
      expanded: 57,
      unknown: 0,
      downloaded: ['combined.log', 'NGC9999.cont.pbcor.fits'],
      digests: true,
      services: PARTS.map((part) => `files.${part}`),
      processed: true,
      inside: 19,
      same: true,
      this: PARTS,
    });
  });

  it.each([
    ['a MemberOUS', 'ID=uid://A001/X1/Xa3'],
    ['a GroupOUS', 'ID=uid://A001/X1/Xa2'],
    ['a tar', `ID=${PARTS[0]}`],
    ['a file', 'ID=combined.log'],
    ['raw data', `ID=${ASDMS[0]}`],
    ['several IDs, one unknown and one ambiguous', 'ID=uid://A001/X1/Xa4&ID=unknown&ID=README'],
    ['a limit', 'ID=uid://A001/X1/Xa3&MAXREC=0'],
    ['no ID', ''],
  ])('datalinklint and votlint find no error in the links of %s', async (_what, query) => {
    const url = `${archive.client.url}/datalink/sync?${query}`;
    const { reports, output } = await datalinklint(url);
    expect(reports.filter(({ text }) => !EXPLAINED_LINKS.test(text))).toEqual([]);
    expect(output).toContain('Totals: ');
    expect(await votlint(url)).toEqual([]);
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
