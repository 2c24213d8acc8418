import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeListing } from '@almagest/tar/testing/tree-listing';
import { CliError } from '../cli.error';
import { packDelivery } from '../packing/pack-delivery';
import { findDeliveryTree } from '../packing/delivery-tree';
import { runCommand } from '../testing/run-command';

const EXAMPLES = join(__dirname, '../../../examples');
const PROJECT = '2013.1.09999.S';
const GROUP = `${PROJECT}/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2`;
const MEMBER = `${GROUP}/member.uid___A001_X1_Xa3`;

let folder: string;
let tree: string;
let parts: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'almagest-pack-'));
  tree = join(folder, 'tree');
  parts = join(folder, 'parts');
  mkdirSync(tree);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function unpack(...names: string[]): void {
  for (const name of names) execFileSync('tar', ['xf', join(EXAMPLES, `${PROJECT}_${name}.tar`), '-C', tree]);
}

interface Packed {
  project: string;
  ous: string;
  parts: { name: string; location: string; size: number; sha256: string }[];
  leftOut: string[];
}

async function pack(...args: string[]): Promise<Packed> {
  const { exitCode, stdout, stderr } = await runCommand(['pack', '--json', '--into', parts, ...args]);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Packed;
}

describe('almagest pack', () => {
  it.each(['', PROJECT, GROUP, MEMBER])('packs the same tree into the same parts, given as "%s"', async (below) => {
    unpack('uid___A001_X1_Xa3_1_of_2', 'uid___A001_X1_Xa3_2_of_2');
    const packed = await pack('--max-part-size', '2MB', join(tree, below));
    expect(packed).toMatchObject({ project: PROJECT, ous: 'uid://A001/X1/Xa3' });
    expect(packed.parts.length).toBeGreaterThan(2);
    for (const [index, { name, location, size, sha256 }] of packed.parts.entries()) {
      expect(name).toBe(`${PROJECT}_uid___A001_X1_Xa3_${index + 1}_of_${packed.parts.length}.tar`);
      const bytes = readFileSync(new URL(location));
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([size, sha256]);
    }
    expect(readdirSync(parts).sort()).toEqual(packed.parts.map(({ name }) => name).sort());
    expect((await pack('--max-part-size', '2MB', tree)).parts).toEqual(packed.parts);
    const { exitCode } = await runCommand([
      'validate',
      '--strict',
      ...packed.parts.map(({ name }) => join(parts, name)),
    ]);
    expect(exitCode).toBe(0);
  });

  it('packs parts that unpack to the tree', async () => {
    unpack('uid___A001_X1_Xa4_1_of_1');
    chmodSync(join(tree, GROUP, 'member.uid___A001_X1_Xa4/script/scriptForPI.py'), 0o750);
    const packed = await pack(tree);
    const again = join(folder, 'again');
    mkdirSync(again);
    for (const { name } of packed.parts) execFileSync('tar', ['xpf', join(parts, name), '-C', again]);
    expect(treeListing(again)).toEqual(treeListing(tree));
  });

  it('leaves out what a system or an editor left, and says so', async () => {
    unpack('uid___A001_X1_Xa4_1_of_1');
    const clean = await pack(tree);
    const member = join(tree, GROUP, 'member.uid___A001_X1_Xa4');
    mkdirSync(join(member, '__MACOSX'));
    for (const name of ['.DS_Store', '__MACOSX/._README', 'product/._X.pbcor.fits', 'script/scriptForPI.py~']) {
      writeFileSync(join(member, name), 'x');
    }
    symlinkSync('user@host.1234', join(member, '.#README'));
    const names = execFileSync('tar', ['tf', join(parts, clean.parts[0]?.name ?? '')]);
    const packed = await pack(tree);
    expect(execFileSync('tar', ['tf', join(parts, packed.parts[0]?.name ?? '')])).toEqual(names);
    expect(packed.leftOut.map((path) => path.slice(path.indexOf('Xa4/') + 4)).sort()).toEqual(
      ['.#README', '.DS_Store', '__MACOSX', 'product/._X.pbcor.fits', 'script/scriptForPI.py~'].sort(),
    );
    const { stdout } = await runCommand(['pack', '--into', parts, tree]);
    expect(stdout).toMatch(/Left out, as no part of the delivery: .*\.DS_Store/);
  });

  it('asks for one of several deliveries, and for a missing uid', async () => {
    unpack('uid___A001_X1_Xa3_2_of_2', 'uid___A001_X1_Xa4_1_of_1');
    const several = await runCommand(['pack', tree, '--into', parts]);
    expect(several).toMatchObject({ exitCode: 2, stdout: '' });
    expect(several.stderr).toContain(join(tree, MEMBER));
    rmSync(join(tree, PROJECT), { recursive: true });
    const nameless = `${PROJECT}/sg_ouss_id/group_ouss_id/member_ouss_id`;
    mkdirSync(join(tree, nameless), { recursive: true });
    writeFileSync(join(tree, nameless, 'README'), '');
    expect((await runCommand(['pack', tree, '--into', parts])).stderr).toContain('give it with --ous UID');
    const { parts: packed } = await pack('--ous', 'uid___A001_X1_Xa3', tree);
    expect(packed.map(({ name }) => name)).toEqual([`${PROJECT}_uid___A001_X1_Xa3_1_of_1.tar`]);
  });

  it.each([
    ['a directory without a project', () => join(folder), 'is not a delivery tree'],
    ['a missing directory', () => join(folder, 'nowhere'), 'no such file'],
    [
      'a link in the tree',
      () => (symlinkSync('/etc', join(tree, MEMBER, 'etc')), tree),
      'etc": expected a file or dir',
    ],
    ['a uid that contradicts the directory', () => [tree, '--ous', 'uid://A001/X1/Xff'], 'contradicts the directory'],
    ['a destination inside the tree', () => [tree, '--into', join(tree, MEMBER, 'parts')], 'into the tree itself'],
  ])('ends with 2 on %s and writes nothing', async (_what, args, message) => {
    unpack('uid___A001_X1_Xa3_2_of_2');
    const { exitCode, stdout, stderr } = await runCommand(['pack', '--into', parts, ...[args()].flat()]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).not.toContain('parts');
  });

  it('refuses a tree that changes while it is packed, and leaves no part', async () => {
    unpack('uid___A001_X1_Xa3_1_of_2', 'uid___A001_X1_Xa3_2_of_2');
    const found = await findDeliveryTree(tree, undefined);
    // A file that is already packed is checked again at the end.
    const change = (): void => appendFileSync(join(tree, MEMBER, 'README'), 'more\n');
    let changed = false;
    const progress = {
      onPart: (_name: string, index: number) => {
        if (index === 3 && !changed) change();
        changed ||= index === 3;
      },
      onBytes: () => undefined,
    };
    const packing = packDelivery(found, parts, 2_000_000, progress, new AbortController().signal);
    await expect(packing).rejects.toMatchObject({
      code: 'cli.input-unreadable',
      message: /changed while it was packed/,
    });
    expect(changed).toBe(true);
    expect(readdirSync(parts)).toEqual([]);
  });

  it('ends with 130 when it is interrupted, and leaves no partial part', async () => {
    unpack('uid___A001_X1_Xa3_1_of_2');
    const run = await runCommand(['pack', tree, '--into', parts], (interruption) =>
      interruption.end(new CliError('cli.interrupted', 'interrupted')),
    );
    expect(run).toEqual({ exitCode: 130, stdout: '', stderr: 'almagest: interrupted\n' });
    expect(readdirSync(parts)).toEqual([]);
  });
});
