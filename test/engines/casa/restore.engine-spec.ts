import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ousOf } from '@almagest/contracts';
import { Archive } from '../../acceptance/harness/archive';
import { CommandLine } from '../../acceptance/harness/command-line';
import { sampleDelivery, sampleResult } from '../../acceptance/harness/sample';

const RESULT = sampleResult('member12m');
const OUS = ousOf(RESULT);
const INSTALL = join(__dirname, 'start-casa.mjs');

/** The first run installs CASA, which takes minutes. */
jest.setTimeout(600_000);

describe('almagest restore, with the real CASA', () => {
  let archive: Archive;
  let into: string;
  const path = process.env['PATH'] ?? '';

  beforeAll(async () => {
    const casa = execFileSync(process.execPath, [INSTALL], { stdio: ['ignore', 'pipe', 'inherit'] })
      .toString()
      .trim();
    process.env['PATH'] = [casa, path].join(delimiter);
    archive = await Archive.start();
    await archive.client.deliver(RESULT);
    into = await mkdtemp(join(tmpdir(), 'almagest-restore-'));
  });
  afterAll(async () => {
    process.env['PATH'] = path;
    await rm(into, { recursive: true, force: true });
    await archive.remove();
  });

  const restore = (...args: string[]): ReturnType<typeof CommandLine.run> =>
    CommandLine.run('restore', OUS, '--home', archive.home, '--into', into, ...args);

  it('prints the plan and writes nothing with --dry-run', async () => {
    const { exitCode, stdout } = await restore('--spacesaving', '2', '--dry-run', '--json');
    expect(exitCode).toBe(0);
    const plan = JSON.parse(stdout) as Record<string, unknown>;
    expect(plan).toMatchObject({ ous: OUS, spaceSaving: 2, missingAsdms: 2, findings: [], mode: 'analyst' });
    expect(plan['commands']).toContain(`casa -c "SPACESAVING=2; execfile('scriptForPI.py')"`);
    expect(await readdir(into)).toEqual([]);
  });

  it('creates calibrated/calibrated.ms, and finds it on a second run', async () => {
    const { exitCode, stderr } = await restore('--spacesaving', '1');
    if (exitCode !== 0) throw new Error(stderr);
    const calibrated = join(into, sampleDelivery(OUS).tree, 'calibrated');
    expect(await readdir(calibrated)).toContain('calibrated.ms');
    expect(await readdir(join(calibrated, 'calibrated.ms'))).toContain('table.dat');
    expect((await restore()).stdout).toContain('already exist');
  });
});
