import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
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
/** scriptForPI requires this many times the delivery (§5.3); the 12 m delivery has a scriptForFluxCalibration. */
const TIMES = { 0: 14, 1: 10, 2: 6, 3: 6 };

const planSchema = z.object({
  needBytes: z.int(),
  missingAsdms: z.int(),
  mode: z.string(),
  tree: z.string(),
  commands: z.array(z.string()),
  findings: z.array(z.object({ code: z.string(), severity: z.string(), message: z.string() })),
});

/** Stand-ins for casa with the behaviour that a test needs; `test/engines/casa` runs the real one. */
const PROGRAMS = {
  /** Creates the output of scriptForPI; like it, fails if the directory calibrated/ already exists. */
  calibrates: 'mkdir ../calibrated && mkdir ../calibrated/calibrated.ms',
  fails: 'mkdir ../calibrated && echo "SEVERE	no luck"; exit 7',
  leavesNothing: 'echo done',
  /** Runs until it is interrupted. */
  works: 'mkdir ../calibrated; : > ../calibrated/half; exec sleep 600',
};

describe('almagest restore', () => {
  let archive: Archive;
  let folder: string;
  let into: string;
  /** Returns the call of CASA: its working directory, then its arguments. */
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

  /** Returns the same result with its raw data in a place that the test can write to, instead of the examples. */
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

  /** Returns all files and directories below a folder, without the output of CASA. */
  function treeIn(root: string): string[] {
    const entries = treeListing(root).map((line) => line.replace(/ \S+ \S+ directory$/, ' directory'));
    return entries.filter((line) => !/\/calibrated[ /]/.test(line));
  }

  /** Creates the tree of §5.1 with tar, from the products and the raw data. */
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

  it.each([0, 1, 2, 3] as const)(
    'plans at SPACESAVING=%d with the disk space of §5.3, and changes nothing',
    async (level) => {
      const { needBytes, missingAsdms, mode, tree, findings } = await plan(MEMBER, '--spacesaving', String(level));
      const products = sampleFiles(sampleDelivery(ousOf(MEMBER))).reduce((sum, { size }) => sum + size, 0);
      const raw = MEMBER.executionBlocks.reduce((sum, { asdm }) => sum + asdm.size, 0);
      expect(needBytes).toBe(TIMES[level] * (products + raw));
      expect({ missingAsdms, mode, tree, findings }).toEqual({
        missingAsdms: 2,
        mode: 'analyst',
        tree: treeOf(MEMBER),
        findings: [],
      });
      expect(await readdir(folder)).toEqual(['bin']);
    },
  );

  it('prints a plan with the commands that do the same by hand', async () => {
    const { commands } = await plan(MEMBER, '--spacesaving', '2');
    const script = ['set -e', ...commands].join('\n');
    execFileSync('sh', ['-c', script], { cwd: REPOSITORY, stdio: 'pipe', env: { ...process.env } });
    for (const name of tarsOf(MEMBER)) await rm(join(into, name));
    await expectRestored(MEMBER);
    expect(await readFile(called, 'utf8')).toBe(
      `${join(treeOf(MEMBER), 'script')}\n-c\nSPACESAVING=2; execfile('scriptForPI.py')\n`,
    );
    // It skips the steps that were done by hand.
    expect((await restore(MEMBER)).stdout).toContain('already exist');
  });

  it('fetches products and raw data, runs CASA in script/, and leaves the tree of §5.1 without tars', async () => {
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

  it('runs CASA with its pipeline for a delivery that the pipeline calibrated (§5.2), and keeps tars on request', async () => {
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

  it('resumes after a kill at any point', async () => {
    let kills = 0;
    // Each run may make more changes than the one before, so that even the longest step, repeated, completes.
    for (let changes = 1; ; changes += 15) {
      const { exitCode, signal, stderr } = await CommandLine.dying(changes, ...restoreArgs(MEMBER));
      // CASA runs slightly longer than the killed run; the next run does not disturb it.
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

  it('resumes with the same request for raw data when it is killed while it waits', async () => {
    const requests = async (): Promise<string[]> => {
      const url = `/raw-requests?ous=${encodeURIComponent(ousOf(PIPELINE))}`;
      return (await archive.client.all(url, rawRequestStatusSchema)).map(({ id }) => id);
    };
    // Another selection of ASDMs would share the staged data, so this test uses a separate archive.
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
    it('is interrupted, the next run starts it again', async () => {
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

    it('outlives a killed run, the next run does not disturb it', async () => {
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
    ] as const)('%s, the command reports it, and the next run retries', async (does, message) => {
      await casa(does);
      const { exitCode, stderr } = await restore(MEMBER);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)]);
      await casa('calibrates');
      expect((await restore(MEMBER)).exitCode).toBe(0);
      await expectRestored(MEMBER);
    });

    it('is not installed, nothing is started', async () => {
      await rm(join(folder, 'bin/casa'));
      await symlink(process.execPath, join(folder, 'bin/node'));
      process.env['PATH'] = join(folder, 'bin');
      const { exitCode, stderr } = await restore(MEMBER);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('CASA is not on the search path')]);
      expect((await readdir(folder)).sort()).toEqual(['bin']);
    });
  });

  describe('reports before scriptForPI runs', () => {
    const put = async (...below: string[]): Promise<void> => {
      await mkdir(join(treeOf(MEMBER), ...below), { recursive: true });
    };

    it.each<[string, string, () => Promise<void>, string]>([
      ['that calibrated/ exists', 'calibrated', () => put('calibrated'), 'calibrated/ already'],
      [
        'that there is an extra ASDM',
        'asdm-set',
        () => put('raw', asdmDirectoryName(parseUid('uid://A002/X1/Xb9'))),
        'raw/ contains data that no script calibrates: uid___A002_X1_Xb9',
      ],
      [
        'that a script occurs twice',
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

    it('that the disk space is insufficient', async () => {
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

  it('says without starting anything that CASA is missing, with the exit code of the real run', async () => {
    process.env['PATH'] = dirname(process.execPath);
    const planned = await restore(MEMBER, '--dry-run');
    expect([planned.exitCode, planned.stderr]).toEqual([2, expect.stringContaining('CASA is not on the search path')]);
    expect(planned.stdout).toContain('execfile(');
    expect((await restore(MEMBER)).exitCode).toBe(2);
    expect(await readdir(folder)).toEqual(['bin']);
  });

  it.each<[string, number, string, () => Promise<void>]>([
    [
      'cannot be created',
      4,
      'the name is too long for this file system',
      async () => void (into = join(folder, 'x'.repeat(300))),
    ],
    ['is below a file', 4, 'a parent directory is a file', () => writeFile(into, '')],
    [
      'has another file in the place of one',
      4,
      'README is in the way: its content differs from the file in the archive',
      async () => {
        await mkdir(treeOf(MEMBER), { recursive: true });
        await writeFile(join(treeOf(MEMBER), 'README'), 'mine');
      },
    ],
    [
      'has a link in the place of a directory',
      4,
      'script is in the way',
      async () => {
        await mkdir(treeOf(MEMBER), { recursive: true });
        await symlink(join(folder, 'bin'), join(treeOf(MEMBER), 'script'));
      },
    ],
  ])(
    'says with --dry-run that the folder %s, with the exit code of the real run',
    async (_, code, message, prepare) => {
      await prepare();
      const before = treeIn(folder);
      const planned = await restore(MEMBER, '--dry-run', '--json');
      expect([planned.exitCode, planned.stderr]).toEqual([code, expect.stringContaining(message)]);
      expect(JSON.parse(planned.stdout)).toMatchObject({
        error: { message: expect.stringContaining(message) as string, exitCode: code },
      });
      const real = await restore(MEMBER);
      expect([real.exitCode, real.stderr]).toEqual([code, expect.stringContaining(message)]);
      expect(treeIn(folder)).toEqual(before);
      expect(existsSync(called)).toBe(false);
    },
  );

  it('does not restore a group', async () => {
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
