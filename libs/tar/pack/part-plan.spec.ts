import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseUid } from '@almagest/ous';
import { TarError } from '../tar.error';
import { makeTree, removeTree, TreeFiles } from '../testing/temporary-tree';
import { PartSplitter, PlannedPart, PlanOptions, planParts } from './part-plan';
import type { TreeEntry } from './tree-walk';

const PROJECT = '2013.1.09999.S';
const MEMBER = `${PROJECT}/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3`;
const OPTIONS: PlanOptions = { project: PROJECT, ous: parseUid('uid://A001/X1/Xa3'), maxPartSize: 2 ** 30 };

describe('planParts', () => {
  let root: string | null = null;

  afterEach(async () => {
    if (root) await removeTree(root);
    root = null;
  });

  async function plan(files: TreeFiles, options: Partial<PlanOptions> = {}): Promise<PlannedPart[]> {
    root = await makeTree(files);
    return planParts(root, { ...OPTIONS, ...options });
  }

  async function failure(planning: Promise<unknown>): Promise<TarError> {
    return planning.then(
      () => {
        throw new Error('the tree was accepted');
      },
      (error: unknown) => {
        if (error instanceof TarError) return error;
        throw error;
      },
    );
  }

  const paths = (part: PlannedPart | undefined) => part?.entries.map(({ path }) => path.replace(MEMBER, 'M'));

  it('names the parts as in §2 and lists the tree from the project down, files before directories', async () => {
    const [part, ...others] = await plan({
      [`${MEMBER}/script/b.py`]: '',
      [`${MEMBER}/README`]: 'x',
      [`${MEMBER}/product/X10.fits`]: '',
      [`${MEMBER}/product/X9.fits`]: '',
      [`${MEMBER}/product/mask/table.dat`]: '',
      [`${MEMBER}/product/é.fits`]: '',
      [`${MEMBER}/a-directory/a`]: '',
    });
    expect(others).toEqual([]);
    expect(part?.name).toBe('2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar');
    expect(paths(part)).toEqual([
      PROJECT,
      `${PROJECT}/science_goal.uid___A001_X1_Xa1`,
      `${PROJECT}/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2`,
      'M',
      'M/README',
      'M/a-directory',
      'M/a-directory/a',
      'M/product',
      'M/product/X10.fits',
      'M/product/X9.fits',
      'M/product/é.fits',
      'M/product/mask',
      'M/product/mask/table.dat',
      'M/script',
      'M/script/b.py',
    ]);
  });

  it('splits at file boundaries, repeats the directories a part needs, and keeps every part within the limit', async () => {
    const file = Buffer.alloc(20_000);
    const parts = await plan(
      {
        [`${MEMBER}/calibration/a`]: file,
        [`${MEMBER}/calibration/b`]: file,
        [`${MEMBER}/product/c`]: file,
        [`${MEMBER}/product/d`]: file,
        [`${MEMBER}/product/empty/`]: '',
      },
      { maxPartSize: 51_200 },
    );
    expect(parts.map(({ name }) => name)).toEqual([
      '2013.1.09999.S_uid___A001_X1_Xa3_1_of_2.tar',
      '2013.1.09999.S_uid___A001_X1_Xa3_2_of_2.tar',
    ]);
    expect(parts.map((part) => paths(part)?.slice(3))).toEqual([
      ['M', 'M/calibration', 'M/calibration/a', 'M/calibration/b'],
      ['M', 'M/product', 'M/product/c', 'M/product/d', 'M/product/empty'],
    ]);
    expect(parts.map(({ size }) => size)).toEqual([51_200, 51_200]);
  });

  it('puts a file over the limit into a part of its own', async () => {
    const parts = await plan(
      { [`${PROJECT}/a`]: '', [`${PROJECT}/b`]: Buffer.alloc(50_000), [`${PROJECT}/c`]: '', [`${PROJECT}/d`]: '' },
      { maxPartSize: 10_240 },
    );
    expect(parts.map(paths)).toEqual([
      [PROJECT, `${PROJECT}/a`],
      [PROJECT, `${PROJECT}/b`],
      [PROJECT, `${PROJECT}/c`, `${PROJECT}/d`],
    ]);
    expect(parts.map(({ size }) => size)).toEqual([10_240, 61_440, 10_240]);
  });

  it('packs the requested directory, and those above it without their other content', async () => {
    const sibling = MEMBER.replace('Xa3', 'Xa4');
    const [part] = await plan(
      { [`${MEMBER}/a`]: '', [`${sibling}/b`]: '', [`${PROJECT}/c`]: '' },
      { treeRoot: MEMBER },
    );
    expect(paths(part)?.slice(2)).toEqual([
      `${PROJECT}/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2`,
      'M',
      'M/a',
    ]);
  });

  it('packs only the directories of a tree without files', async () => {
    const [part] = await plan({ [`${PROJECT}/`]: '' });
    expect(part).toMatchObject({ size: 10_240, entries: [{ path: PROJECT, type: 'directory', size: 0 }] });
  });

  it('keeps modes and times, which change the fingerprint', async () => {
    const [before] = await plan({ [`${PROJECT}/a`]: 'x' });
    expect(before?.entries[1]).toMatchObject({ mode: 0o644, mtimeNs: 1_421_744_400_500_000_000n });
    const again = await planParts(root ?? '', OPTIONS);
    expect(again).toEqual([before]);
    await chmod(join(root ?? '', PROJECT, 'a'), 0o600);
    const [after] = await planParts(root ?? '', OPTIONS);
    expect(after?.entries[1]?.mode).toBe(0o600);
    expect(after?.fingerprint).not.toBe(before?.fingerprint);
  });

  it('refuses links, and reports what was found', async () => {
    root = await makeTree({ [`${PROJECT}/a`]: '' });
    await symlink('a', join(root, PROJECT, 'link'));
    const link = await failure(planParts(root, OPTIONS));
    expect(link).toMatchObject({ code: 'tar.tree-unsupported', path: `${PROJECT}/link`, found: 'a symbolic link' });
    expect(link.retryable).toBe(false);
  });

  it('refuses a socket', async () => {
    root = await makeTree({ [`${PROJECT}/a`]: '' });
    const server = createServer();
    const path = join(root, PROJECT, 'socket');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const error = await failure(planParts(root, OPTIONS));
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({ code: 'tar.tree-unsupported', found: 'a socket' });
  });

  it('refuses names that are not UTF-8', async () => {
    root = await makeTree({ [`${PROJECT}/a`]: '' });
    await writeFile(Buffer.concat([Buffer.from(`${join(root, PROJECT)}/`), Buffer.from([0x62, 0xff])]), '');
    expect(await failure(planParts(root, OPTIONS))).toMatchObject({
      code: 'tar.tree-unsupported',
      expected: 'a name in UTF-8',
    });
  });

  it('refuses a tree that is missing, or whose root is a link or a file', async () => {
    root = await makeTree({ 'elsewhere/': '', file: '' });
    expect(await failure(planParts(root, OPTIONS))).toMatchObject({
      code: 'tar.tree-unreadable',
      path: PROJECT,
      found: 'no such file or directory (ENOENT)',
      retryable: false,
    });
    expect((await failure(planParts(join(root, 'file'), OPTIONS))).found).toBe('not a directory (ENOTDIR)');
    await symlink('elsewhere', join(root, PROJECT));
    expect((await failure(planParts(root, OPTIONS))).code).toBe('tar.tree-unsupported');
    expect((await failure(planParts(root, { ...OPTIONS, project: 'file' }))).code).toBe('tar.tree-unsupported');
  });

  it('refuses trees that are too deep for the reader', async () => {
    root = await makeTree({ [`${PROJECT}/a`]: '' });
    await mkdir(join(root, PROJECT, ...Array.from({ length: 64 }, () => 'd')), { recursive: true });
    expect((await failure(planParts(root, OPTIONS))).code).toBe('tar.path-too-deep');
  });

  it.each([
    ['a part size below a record', { maxPartSize: 10_239 }],
    ['a part size that is not an integer', { maxPartSize: 10_240.5 }],
    ['a tree root outside the project', { treeRoot: '2013.1.00001.S/x' }],
    ['a tree root with ".."', { treeRoot: `${PROJECT}/../x` }],
    ['a tree root with an empty component', { treeRoot: `${PROJECT}//x` }],
    ['the project ".."', { project: '..' }],
  ])('refuses %s', async (_, options) => {
    expect((await failure(planParts('/nowhere', { ...OPTIONS, ...options }))).code).toBe('tar.plan-invalid');
  });
});

const DIRECTORY: TreeEntry = { path: 'p', type: 'directory', size: 0, mode: 0o755, mtimeNs: 0n };
const file = (index: number, size: number): TreeEntry => ({ ...DIRECTORY, path: `p/${index}`, type: 'file', size });

describe('PartSplitter', () => {
  it('refuses more files and directories than the limit', () => {
    const splitter = new PartSplitter(1_000_000, 3);
    splitter.add([DIRECTORY, file(1, 0)]);
    splitter.add([DIRECTORY, file(2, 0)]);
    expect(() => splitter.add([DIRECTORY, file(3, 0)])).toThrow(
      expect.objectContaining({ code: 'tar.too-many-entries' }) as Error,
    );
  });

  it('refuses more parts than four digits can number', () => {
    const splitter = new PartSplitter(10_240, 1_000_000);
    for (let i = 0; i < 9999; i++) splitter.add([DIRECTORY, file(i, 10_000)]);
    expect(splitter.finish()).toHaveLength(9999);
    expect(() => splitter.add([DIRECTORY, file(9999, 10_000)])).toThrow(
      expect.objectContaining({ code: 'tar.plan-invalid' }) as Error,
    );
  });
});
