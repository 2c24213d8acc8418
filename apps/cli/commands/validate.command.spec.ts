import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CliError } from '../cli.error';
import { runCommand } from '../testing/run-command';
import { validationDocumentSchema, type ValidationDocument } from '../validation/validation-document';

const EXAMPLES = join(__dirname, '../../../examples');
const TAR = (ous: string, part: string): string => join(EXAMPLES, `2013.1.09999.S_uid___A001_X1_${ous}_${part}.tar`);
const MEMBER = [TAR('Xa3', '1_of_2'), TAR('Xa3', '2_of_2')] as const;
const DELIVERIES = [[...MEMBER], [TAR('Xa4', '1_of_1')], [TAR('Xa2', '1_of_1')]];
const TREE = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'almagest-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function validated(...args: string[]): Promise<ValidationDocument & { exitCode: number }> {
  const { exitCode, stdout } = await runCommand(['validate', '--json', ...args]);
  return { ...validationDocumentSchema.parse(JSON.parse(stdout)), exitCode };
}

/** Copies the first part, under the same name, with its README changed. */
function partWithReadme(from: string, to: string): string {
  const bytes = readFileSync(MEMBER[0]);
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThan(0);
  expect(to).toHaveLength(from.length);
  bytes.write(to, at, 'latin1');
  const path = join(folder, basename(MEMBER[0]));
  writeFileSync(path, bytes);
  return path;
}

function unpack(): string {
  for (const part of MEMBER) execFileSync('tar', ['xf', part, '-C', folder]);
  return folder;
}

describe('almagest validate', () => {
  it.each(DELIVERIES)('passes a delivery of the sample: %s', async (...parts) => {
    const report = await validated(...parts.filter((part) => typeof part === 'string'));
    expect(report).toMatchObject({ exitCode: 0, verdict: 'pass', accepted: true, findings: [] });
    expect(report.inventory).toHaveLength(report.files);
    const { measurements, claims } = report.facts;
    expect(measurements).toHaveLength(2);
    for (const { nearest } of claims) expect(nearest).toMatchObject({ beamAgrees: true, noiseAgrees: true });
    expect(claims).toHaveLength(2);
  });

  it('reports the roles in the manifest and the digests of the parts', async () => {
    const { deliveries } = JSON.parse(readFileSync(join(EXAMPLES, 'manifest.json'), 'utf8')) as {
      deliveries: {
        ous_uid: string;
        product_tars: {
          name: string;
          sha256: string;
          members: { path: string; type: string; item?: number; role?: string }[];
        }[];
      }[];
    };
    const tars = deliveries.find(({ ous_uid: uid }) => uid === 'uid://A001/X1/Xa3')?.product_tars ?? [];
    const { inventory, parts } = await validated(...MEMBER);
    expect(parts.map(({ sha256 }) => sha256)).toEqual(tars.map(({ sha256 }) => sha256));
    const files = tars.flatMap(({ members }, part) =>
      members.filter(({ type }) => type === 'file').map((m) => ({ ...m, part })),
    );
    expect(inventory.map(({ path, item, role, part }) => ({ path, item, role, part }))).toEqual(
      files.map(({ path, item, role, part }) => ({ path, item, role, part })),
    );
  });

  it.each(['', TREE.split('/')[0] ?? '', TREE])('passes the unpacked tree, given as "%s"', async (below) => {
    const tree = await validated(join(unpack(), below));
    expect(tree).toMatchObject({ exitCode: 0, findings: [], parts: [] });
    expect(tree.facts.measurements?.map(({ result }) => result !== null)).toEqual([true, true]);
    expect(tree.facts).toEqual((await validated(...MEMBER)).facts);
  });

  it('reports links and pipes in a tree and follows neither', async () => {
    const tree = unpack();
    symlinkSync('/etc', join(tree, TREE, 'log/etc'));
    execFileSync('mkfifo', [join(tree, TREE, 'log/pipe')]);
    const { findings, exitCode } = await validated(tree);
    expect([exitCode, ...findings.map(({ code }) => code)]).toEqual([1, 'archive.link', 'archive.special-file']);
  });

  it('rejects broken parts, and says where the fault is', async () => {
    const cut = join(folder, basename(MEMBER[0]));
    writeFileSync(cut, readFileSync(MEMBER[0]).subarray(0, 3_000_000));
    const { findings, exitCode, parts } = await validated(cut, MEMBER[1]);
    expect(exitCode).toBe(1);
    expect(findings[0]).toMatchObject({ code: 'archive.truncated', file: basename(cut), severity: 'reject' });
    expect(parts[0]?.sha256).toBeNull();
    writeFileSync(cut, '');
    expect((await validated(cut)).findings[0]).toMatchObject({ code: 'archive.truncated', found: 'an empty file' });
    copyFileSync(MEMBER[0], cut);
    appendFileSync(cut, '<html>');
    expect((await validated(cut, MEMBER[1])).findings).toMatchObject([{ code: 'archive.trailing-data' }]);
  });

  it('warns about a noise that no image has, with both values; --strict allows no warnings', async () => {
    const part = partWithReadme('0.21 mJy/beam', '0.05 mJy/beam');
    const lenient = await validated(part, MEMBER[1]);
    expect(lenient).toMatchObject({ exitCode: 0, verdict: 'pass', accepted: true, counts: { warn: 1 } });
    expect(lenient.findings).toMatchObject([{ code: 'qa2.noise', found: '0.0500 mJy/beam' }]);
    const strict = await validated('--strict', part, MEMBER[1]);
    expect(strict).toMatchObject({ exitCode: 1, verdict: 'pass', accepted: false, strict: true });
    const { stdout } = await runCommand(['validate', '--strict', part, MEMBER[1]]);
    expect(stdout).toMatch(/Warnings \(1\)\n\n.*README\n {2}warn {3}qa2\.noise \(§4\.1\)/);
    expect(stdout).toMatch(/noise 0\.0500 mJy\/beam; differs in\s+the\s+noise\s+from\s+NGC9999\.cont\.pbcor\.fits/);
    expect(stdout).toContain('Not accepted: --strict allows no warnings');
  });

  it('checks the chosen rules only', async () => {
    const report = await validated('--only', 'script.pi,package', '--only', 'item.qa', MEMBER[0]);
    expect(report.findings.map(({ code }) => code)).toEqual(['package.part-missing']);
    expect(report.unchecked).toEqual(['item.qa', 'script.pi']);
    expect(report.counts).toEqual({ reject: 1, warn: 0, note: 0 });
    // Without rules about missing parts, it is checked by the files that are there.
    expect((await validated('--only', 'item.qa', MEMBER[0])).findings).toMatchObject([{ code: 'item.qa' }]);
    expect(report.only).toContain('script.pi');
    expect((await validated('--only', 'fits', MEMBER[0])).exitCode).toBe(0);
  });

  it('checks by the profile asked for', async () => {
    const { profile } = await validated('--profile', 'cycle-6+', ...MEMBER);
    expect(profile).toEqual({ name: 'cycle-6+', chosen: 'by request', reasons: [] });
  });

  it.each([
    ['a missing file', ['nowhere.tar'], 'cannot read nowhere.tar'],
    ['a device', ['/dev/null'], '/dev/null is neither a file nor a directory'],
    ['a directory of parts', [EXAMPLES], 'it contains tar files'],
    ['parts and a directory together', [MEMBER[0], EXAMPLES], 'give either the tar parts of one delivery or one'],
    ['a part given twice', [MEMBER[0], `${EXAMPLES}/./${basename(MEMBER[0])}`], 'is given twice'],
    ['an unknown rule', ['--only', 'qa3', MEMBER[0]], '"qa3" is not a rule or a family of rules'],
    ['an unknown profile', ['--profile', 'cycle-99', MEMBER[0]], 'Allowed choices are cycle-2'],
    ['no path', [], "missing required argument 'PATH'"],
  ])('ends with 2 on %s', async (_what, args, message) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { exitCode, stderr, stdout } = await runCommand(['validate', ...args]);
    const errors = stderr + write.mock.calls.map(([text]) => String(text)).join('');
    write.mockRestore();
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(errors).toContain(message);
  });

  it('ends with 130 when it is interrupted, and prints no partial report', async () => {
    const run = await runCommand(['validate', ...MEMBER], (interruption) =>
      interruption.end(new CliError('cli.interrupted', 'interrupted')),
    );
    expect(run).toEqual({ exitCode: 130, stdout: '', stderr: 'almagest: interrupted\n' });
  });

  it('reports an empty directory as a delivery without items', async () => {
    mkdirSync(join(folder, 'empty'));
    const { exitCode, stdout } = await runCommand(['validate', join(folder, 'empty')]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('The delivery as a whole\n  reject item.readme (§3)\n');
  });
});

describe('almagest rules', () => {
  it('lists all rules, those of a family, and one in full', async () => {
    const { stdout } = await runCommand(['rules', '--json']);
    const { rules } = JSON.parse(stdout) as { rules: { code: string }[] };
    expect(rules.length).toBeGreaterThan(90);
    expect((await runCommand(['rules'])).stdout).toContain('script.pi');
    expect((await runCommand(['rules', 'qa2'])).stdout.match(/^qa2\./gm)).toHaveLength(3);
    const { stdout: one } = await runCommand(['rules', 'script.pi']);
    expect(one).toMatch(/^script\.pi \(§4\.2\): reject\n/);
    expect(one).toContain('remedy');
  });

  it('suggests rules for an unknown name', async () => {
    const { exitCode, stderr } = await runCommand(['rules', 'checksum-fits']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('similar rules: ');
    expect(stderr).toContain('fits.checksum');
  });
});
