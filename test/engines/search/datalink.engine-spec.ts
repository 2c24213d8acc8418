import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSampleArchive } from './sample-archive';
import { datalinklint, installStilts, votlint } from './stilts';
import type { Archive } from '../../acceptance/harness/archive';

const run = promisify(execFile);
const PARTS = ['1_of_2', '2_of_2'].map((part) => `2013.1.09999.S_uid___A001_X1_Xa3_${part}.tar`);
/** What the validator does not know without the network, or at all (docs/users/search.md). */
const EXPLAINED = /^Unknown predicate '(documentation|datalink)' from core DataLink vocabulary/;
const ASDMS = ['Xb1', 'Xb2'].map((block) => `2013.1.09999.S_uid___A002_X1_${block}.asdm.sdm.tar`);

describe('links and downloads, with the clients of astronomers', () => {
  let archive: Archive;
  let folder: string;

  beforeAll(async () => {
    installStilts();
    archive = await startSampleArchive();
    folder = await mkdtemp(join(tmpdir(), 'almagest-downloads-'));
  });
  afterAll(async () => {
    await archive.remove();
    await rm(folder, { recursive: true });
  });

  it('astroquery lists, expands, downloads and resumes; pyvo calls the services', async () => {
    const python = execFileSync(process.execPath, [join(__dirname, '../python.mjs'), 'clients'])
      .toString()
      .trim();
    const script = join(__dirname, 'datalink_calls.py');
    const { stdout } = await run(python, [script, archive.client.url, folder]);
    const all = [...PARTS, ...ASDMS, 'README'].sort();
    const SERVICES = PARTS.map((part) => `files.${part}`);
    expect(JSON.parse(stdout)).toEqual({
      whole: expect.arrayContaining(all) as unknown,
      'without auxiliary': expect.arrayContaining(all) as unknown,
      'without raw data': [...PARTS, 'README'].sort(),
      // README, 2 tars, 2 ASDMs and 41 files of the member; README, tar and 9 files of the group.
      expanded: 55,
      unknown: 0,
      downloaded: ['combined.log', 'NGC9999.cont.pbcor.fits'],
      digests: true,
      services: SERVICES,
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
    expect(reports.filter(({ text }) => !EXPLAINED.test(text))).toEqual([]);
    expect(output).toContain('Totals: ');
    expect(await votlint(url)).toEqual([]);
  });
});
