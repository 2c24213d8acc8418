import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ousOf, type Qa2Result, rawRequestStatusSchema } from '@almagest/contracts';
import { asdmDirectoryName, parseUid, rawTarName } from '@almagest/ous';
import { treeListing } from '@almagest/tar/testing/tree-listing';
import { z } from 'zod';
import { Archive } from './harness/archive';
import { REPOSITORY } from './harness/built';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { putFile, sha256 } from './harness/posting';
import { EXAMPLES, sampleDelivery, sampleFiles, sampleResult } from './harness/sample';
import { waitFor } from '../harness/wait-for';

const MEMBER = sampleResult('member12m');
const PIPELINE = sampleResult('member7m');
const PIPELINE_RAW = rawTarName('2013.1.09999.S', parseUid('uid://A002/X1/Xb3'));
/** scriptForPI asks for this many times the delivery (§5.3); the 12 m delivery has a scriptForFluxCalibration. */
const TIMES = { 0: 14, 1: 10, 2: 6, 3: 6 };

const planSchema = z.object({
  needBytes: z.int(),
  missingAsdms: z.int(),
  mode: z.string(),
  tree: z.string(),
  commands: z.array(z.string()),
  findings: z.array(z.object({ code: z.string(), severity: z.string(), message: z.string() })),
});

/** Programs called casa that do as a test wants; `test/engines/casa` has the real one. */
const PROGRAMS = {
  /** Makes what scriptForPI leaves, and like it wants no directory calibrated/ there before. */
  calibrates: 'mkdir ../calibrated && mkdir ../calibrated/calibrated.ms',
  fails: 'mkdir ../calibrated && echo "SEVERE	no luck"; exit 7',
  leavesNothing: 'echo done',
  /** Until it is interrupted. */
  works: 'mkdir ../calibrated; : > ../calibrated/half; exec sleep 600',
};

describe('almagest restore', () => {
  let archive: Archive;
  let folder: string;
  let into: string;
  /** What CASA was called with: its working directory, then its arguments. */
  let called: string;
  const path = process.env['PATH'] ?? '';

  beforeAll(async () => {
    archive = await Archive.start();
    await archive.client.deliver({ ...MEMBER, releaseDate: null });
    await archive.client.deliver(await rawDataIn(archive.inbox, PIPELINE));
    await putFile(archive.inbox, PIPELINE_RAW, await readFile(join(EXAMPLES, PIPELINE_RAW)));
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'almagest-restore-'));
    into = join(folder, 'ngc 9999');
    called = join(folder, 'called');
    await mkdir(join(folder, 'bin'));
    await casa('calibrates');
    process.env['PATH'] = [join(folder, 'bin'), path].join(delimiter);
  });
  afterEach(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => archive.remove());

  /** The same result; its raw data are not in the examples but where a test can put them. */
  async function rawDataIn(inbox: string, result: Qa2Result): Promise<Qa2Result> {
    const executionBlocks = result.executionBlocks.map(({ asdm, ...block }) => ({
      ...block,
      asdm: { ...asdm, location: pathToFileURL(join(inbox, basename(asdm.location))).href },
    }));
    return { ...result, executionBlocks };
  }

  async function casa(does: keyof typeof PROGRAMS): Promise<void> {
    const program = join(folder, 'bin/casa');
    const note = `{ pwd; for word; do printf '%s\\n' "$word"; done; } > '${called}'`;
    await writeFile(program, `#!/bin/sh\n${note}\n${PROGRAMS[does]}\n`);
    await chmod(program, 0o755);
  }

  const restoreArgs = (of: Qa2Result): string[] => ['restore', ousOf(of), '--home', archive.home, '--into', into];
  const begin = (of: Qa2Result, ...args: string[]): CommandLine => CommandLine.begin(...restoreArgs(of), ...args);
  const restore = async (of: Qa2Result, ...args: string[]): Promise<CommandEnd> => begin(of, ...args).ended;
  const plan = async (of: Qa2Result, ...args: string[]): Promise<z.infer<typeof planSchema>> => {
    const { stdout } = await restore(of, '--dry-run', '--json', ...args);
    return planSchema.parse(JSON.parse(stdout));
  };
  const treeOf = (of: Qa2Result): string => join(into, sampleDelivery(ousOf(of)).tree);
  const tarsOf = ({ executionBlocks }: Qa2Result): string[] =>
    executionBlocks.map(({ uid }) => rawTarName('2013.1.09999.S', uid));

  /** All files below a folder, and the directories by name; CASA's work aside. */
  function treeIn(root: string): string[] {
    const entries = treeListing(root).map((line) => line.replace(/ \S+ \S+ directory$/, ' directory'));
    return entries.filter((line) => !/\/calibrated[ /]/.test(line));
  }

  /** The tree of §5.1 as tar makes it of the products and the raw data. */
  async function treeByTar(of: Qa2Result): Promise<string[]> {
    const other = join(folder, 'by-tar');
    await mkdir(other);
    const parts = sampleDelivery(ousOf(of)).product_tars.map(({ name }) => name);
    for (const name of [...parts, ...tarsOf(of)]) execFileSync('tar', ['xpf', join(EXAMPLES, name), '-C', other]);
    return treeIn(other);
  }

  async function expectRestored(of: Qa2Result): Promise<void> {
    expect(await readdir(join(treeOf(of), 'calibrated'))).toEqual(['calibrated.ms']);
    expect(treeIn(into)).toEqual(await treeByTar(of));
  }

  it.each([0, 1, 2, 3] as const)('plans at SPACESAVING=%d: the disk of §5.3, and touches nothing', async (level) => {
    const { needBytes, missingAsdms, mode, tree, findings } = await plan(MEMBER, '--spacesaving', String(level));
    const products = sampleFiles(sampleDelivery(ousOf(MEMBER))).reduce((sum, { size }) => sum + size, 0);
    const raw = MEMBER.executionBlocks.reduce((sum, { asdm }) => sum + asdm.size, 0);
    expect(needBytes).toBe(TIMES[level] * (products + raw));
    expect({ missingAsdms, mode, tree, findings }).toEqual({
      ...{ missingAsdms: 2, mode: 'analyst', tree: treeOf(MEMBER), findings: [] },
    });
    expect(await readdir(folder)).toEqual(['bin']);
  });

  it('plans with commands that do by hand what it does', async () => {
    const { commands } = await plan(MEMBER, '--spacesaving', '2');
    const request = await archive.client.request('/raw-requests', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ous: ousOf(MEMBER) }),
    });
    const { id } = rawRequestStatusSchema.parse(await request.json());
    const script = ['set -e', ...commands.map((command) => command.replace('fetch REQUEST', `fetch ${id}`))].join('\n');
    execFileSync('sh', ['-c', script], { cwd: REPOSITORY, stdio: 'pipe', env: { ...process.env } });
    for (const name of tarsOf(MEMBER)) await rm(join(into, name));
    await expectRestored(MEMBER);
    expect(await readFile(called, 'utf8')).toBe(
      `${join(treeOf(MEMBER), 'script')}\n-c\nSPACESAVING=2; execfile('scriptForPI.py')\n`,
    );
    // It takes what was done by hand for done.
    expect((await restore(MEMBER)).stdout).toContain('already exist');
  });

  it('fetches products and raw data, runs CASA in script/, leaves the tree of §5.1 and no tar', async () => {
    const { exitCode, stdout } = await restore(MEMBER, '--spacesaving', '1');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(join(treeOf(MEMBER), 'calibrated/calibrated.ms'))]);
    expect(await readFile(called, 'utf8')).toBe(
      `${join(treeOf(MEMBER), 'script')}\n-c\nSPACESAVING=1; execfile('scriptForPI.py')\n`,
    );
    await expectRestored(MEMBER);
    await rm(called);
    const again = await restore(MEMBER);
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('already exist')]);
    await expect(readFile(called)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('runs CASA with its pipeline for a delivery that the pipeline calibrated (§5.2), and keeps tars on demand', async () => {
    expect(await plan(PIPELINE)).toMatchObject({ mode: 'pipeline', missingAsdms: 1, findings: [] });
    expect((await restore(PIPELINE, '--keep')).exitCode).toBe(0);
    expect(await readFile(called, 'utf8')).toBe(
      `${join(treeOf(PIPELINE), 'script')}\n--pipeline\n-c\nSPACESAVING=0; execfile('scriptForPI.py')\n`,
    );
    const kept = (await readdir(into)).filter((name) => name.endsWith('.tar'));
    const parts = sampleDelivery(ousOf(PIPELINE)).product_tars.map(({ name }) => name);
    expect(kept.sort()).toEqual([...parts, ...tarsOf(PIPELINE)].sort());
    for (const name of kept) {
      expect(sha256(await readFile(join(into, name)))).toBe(sha256(await readFile(join(EXAMPLES, name))));
      await rm(join(into, name));
    }
    await expectRestored(PIPELINE);
  });

  it('goes on wherever it is killed', async () => {
    let kills = 0;
    // Each run may change more than the one before, so that the longest step, done anew, comes to its end.
    for (let changes = 1; ; changes += 15) {
      const { exitCode, signal, stderr } = await CommandLine.dying(changes, ...restoreArgs(MEMBER));
      // The CASA of a run that was killed outlives it by a moment, and is not disturbed.
      if (stderr.includes('is still running')) continue;
      if (signal !== 'SIGKILL') {
        expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
        break;
      }
      kills += 1;
    }
    expect(kills).toBeGreaterThan(5);
    await expectRestored(MEMBER);
  });

  it('goes on with the request for raw data when it was killed while it waited', async () => {
    const requests = async (): Promise<string[]> => {
      const url = `/raw-requests?ous=${encodeURIComponent(ousOf(PIPELINE))}`;
      return (await archive.client.all(url, rawRequestStatusSchema)).map(({ id }) => id);
    };
    // Another selection of ASDMs would share what is staged already: an archive of its own knows nothing yet.
    await archive.remove();
    archive = await Archive.start();
    await archive.client.deliver({ ...MEMBER, releaseDate: null });
    await archive.client.deliver(await rawDataIn(archive.inbox, PIPELINE));
    const run = begin(PIPELINE);
    const [id] = await waitFor('the request', async () => {
      const found = await requests();
      return found.length > 0 && found;
    });
    run.kill('SIGKILL');
    await run.ended;
    await putFile(archive.inbox, PIPELINE_RAW, await readFile(join(EXAMPLES, PIPELINE_RAW)));
    expect((await restore(PIPELINE)).exitCode).toBe(0);
    expect(await requests()).toEqual([id]);
    await expectRestored(PIPELINE);
  });

  describe('when CASA', () => {
    it('is interrupted, begins its work anew the next time', async () => {
      await casa('works');
      const run = begin(MEMBER);
      await waitFor('CASA', async () => readFile(join(treeOf(MEMBER), 'calibrated/half')).catch(() => null));
      run.kill('SIGINT');
      const { exitCode, stderr } = await run.ended;
      expect([exitCode, stderr]).toEqual([130, expect.stringContaining('to resume, run: npx almagest restore')]);
      await casa('calibrates');
      expect((await restore(MEMBER)).exitCode).toBe(0);
      await expectRestored(MEMBER);
    });

    it('outlives a run that is killed, is not disturbed by the next', async () => {
      await casa('works');
      const run = begin(MEMBER);
      await waitFor('CASA', async () => readFile(join(treeOf(MEMBER), 'calibrated/half')).catch(() => null));
      run.kill('SIGKILL');
      await run.ended;
      await casa('calibrates');
      const { exitCode, stderr } = await restore(MEMBER);
      const [, pid = ''] = /still running \(process (\d+)\)/.exec(stderr) ?? [];
      expect([exitCode, Number(pid)]).toEqual([1, expect.any(Number)]);
      process.kill(Number(pid));
      await waitFor('its end', async () => !isRunning(Number(pid)));
      expect((await restore(MEMBER)).exitCode).toBe(0);
      await expectRestored(MEMBER);
    });

    it.each([
      ['fails', 'CASA ended with exit code 7'],
      ['leavesNothing', 'CASA ended without a calibrated MeasurementSet'],
    ] as const)('%s, it is said, and tried again the next time', async (does, message) => {
      await casa(does);
      const { exitCode, stderr } = await restore(MEMBER);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)]);
      await casa('calibrates');
      expect((await restore(MEMBER)).exitCode).toBe(0);
      await expectRestored(MEMBER);
    });

    it('is not here, nothing is begun', async () => {
      await rm(join(folder, 'bin/casa'));
      await symlink(process.execPath, join(folder, 'bin/node'));
      process.env['PATH'] = join(folder, 'bin');
      const { exitCode, stderr } = await restore(MEMBER);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('CASA is not on the search path')]);
      expect((await readdir(folder)).sort()).toEqual(['bin']);
    });
  });

  describe('says before scriptForPI does', () => {
    const put = async (...below: string[]): Promise<void> => {
      await mkdir(join(treeOf(MEMBER), ...below), { recursive: true });
    };

    it.each<[string, string, () => Promise<void>, string]>([
      ['that calibrated/ is there', 'calibrated', () => put('calibrated'), 'calibrated/ already'],
      [
        'that an ASDM is too many',
        'asdm-set',
        () => put('raw', asdmDirectoryName(parseUid('uid://A002/X1/Xb9'))),
        'raw/ contains data that no script calibrates: uid___A002_X1_Xb9',
      ],
      [
        'that a script is there twice',
        'one-of-each',
        async () => {
          await put('script');
          await writeFile(join(treeOf(MEMBER), 'script/member.uid___A001_X1_Xa3.scriptForFluxCalibration.py'), '');
        },
        'more than one script of a kind',
      ],
    ])('%s', async (_, code, prepare, message) => {
      await prepare();
      const before = treeIn(into);
      const { findings } = await plan(MEMBER);
      expect(findings).toEqual([
        expect.objectContaining({ code, severity: 'stop', message: expect.stringContaining(message) }),
      ]);
      expect((await restore(MEMBER, '--dry-run')).exitCode).toBe(1);
      const { exitCode, stderr } = await restore(MEMBER);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)]);
      expect(treeIn(into)).toEqual(before);
    });

    it('that there is no room', async () => {
      const executionBlocks = PIPELINE.executionBlocks.map((block) => ({
        ...block,
        asdm: { ...block.asdm, size: 2 ** 46 },
      }));
      const huge = { ...PIPELINE, executionBlocks, revision: 2 };
      await archive.client.deliver(huge);
      expect((await plan(huge, '--spacesaving', '3')).findings).toEqual([
        expect.objectContaining({ code: 'disk', severity: 'stop', message: expect.stringMatching(/GB are free/) }),
      ]);
      const { exitCode, stderr } = await restore(huge);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('of free disk space, only')]);
      expect(await readdir(folder)).toEqual(['bin']);
    });
  });

  it('has nothing to restore of a group', async () => {
    const group = sampleResult('group');
    await archive.client.deliver(group);
    const { exitCode, stderr } = await restore(group);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is a GroupOUS')]);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
