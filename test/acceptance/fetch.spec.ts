import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ousOf } from '@almagest/contracts';
import { productTarName } from '@almagest/ous';
import { treeListing } from '@almagest/tar/testing/tree-listing';
import { Archive } from './harness/archive';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { InterposedServer } from './harness/interposed-server';
import { memberFiles, tarOf, type TarEntry } from './harness/delivery-files';
import { memberResult, putPart, sha256 } from './harness/posting';
import { newProject, treeOf } from './harness/project';
import { EXAMPLES, sampleDelivery, sampleFiles, samplePart, sampleResult } from './harness/sample';
import { waitFor } from '../harness/wait-for';

const RESULT = sampleResult('member12m');
const OUS = ousOf(RESULT);
const PARTS = sampleDelivery(OUS).product_tars;
const TREE = sampleDelivery(OUS).tree;
const [LARGEST] = PARTS;
if (LARGEST === undefined) throw new Error('the sample has no part');
const HELD = 1_000_000;

describe('almagest fetch', () => {
  let archive: Archive;
  let between: InterposedServer;
  let folder: string;
  let into: string;

  beforeAll(async () => {
    archive = await Archive.start();
    await archive.client.deliver(RESULT);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'almagest-fetch-'));
    into = join(folder, 'here');
    between = await InterposedServer.start(() => archive.client.url);
  });
  afterEach(async () => {
    await between.stop();
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => archive.remove());

  const through = (): string[] => [
    '--server',
    between.url,
    '--token-file',
    join(archive.home, 'service-tokens'),
    '--into',
    into,
  ];
  const begin = (...args: string[]): CommandLine => CommandLine.begin('fetch', OUS, ...args, ...through());
  const fetch = async (...args: string[]): Promise<CommandEnd> => begin(...args).ended;
  const unfinished = async (): Promise<string[]> => readdir(join(into, '.almagest-fetch')).catch(() => []);

  async function expectParts(): Promise<void> {
    expect((await readdir(into)).sort()).toEqual(PARTS.map(({ name }) => name).sort());
    for (const { name, sha256: digest } of PARTS) expect(sha256(await readFile(join(into, name)))).toBe(digest);
  }

  /** Unpacks the same delivery with tar and returns its folder. */
  async function unpackedByTar(): Promise<string> {
    const other = join(folder, 'by-tar');
    await mkdir(other);
    for (const { name } of PARTS) execFileSync('tar', ['xpf', join(EXAMPLES, name), '-C', other]);
    return other;
  }

  async function expectUnpacked(): Promise<void> {
    expect(treeListing(into)).toEqual(treeListing(await unpackedByTar()));
  }

  /** Starts a fetch and waits until it has written all bytes of a part that the server forwards. */
  async function stopMidPart(...args: string[]): Promise<{ command: CommandLine; partial: string }> {
    between.holdStoredBytesAfter(HELD);
    const command = begin(...args);
    const partial = await waitFor('an unfinished file', async () => {
      for (const name of await unfinished()) {
        const path = join(into, '.almagest-fetch', name);
        if ((await stat(path)).size === HELD && name.includes('1_of_2')) return path;
      }
      return null;
    });
    return { command, partial };
  }

  it('writes the parts as they were posted, and skips them the second time', async () => {
    const first = await fetch('--json');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    const printed = JSON.parse(first.stdout) as { fetched: { state: string; sha256: string }[] };
    expect(printed.fetched.map(({ state, sha256: digest }) => [state, digest])).toEqual(
      PARTS.map(({ sha256: digest }) => ['fetched', digest]),
    );
    await expectParts();
    const asked = between.asked.length;
    const second = await fetch();
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain('2 already present, verified too');
    expect(between.asked.slice(asked).filter((path) => path.includes('/parts/'))).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('resumes after %s', async (signal) => {
    const { command, partial } = await stopMidPart();
    command.kill(signal);
    const end = await command.ended;
    if (signal === 'SIGKILL') expect(end.signal).toBe('SIGKILL');
    else expect(end.exitCode).toBe(130);
    if (signal === 'SIGINT') expect(end.stderr).toContain(`to resume, run: npx almagest fetch ${OUS}`);
    expect((await stat(partial)).size).toBe(HELD);
    expect((await readdir(into)).filter((name) => name.endsWith('.tar'))).toEqual([]);
    between.release();
    const asked = between.asked.length;
    expect((await fetch()).exitCode).toBe(0);
    expect(between.asked.slice(asked)).toContainEqual(
      expect.stringMatching(new RegExp(`${LARGEST.name} bytes=${HELD}-${LARGEST.size - 1}$`)),
    );
    await expectParts();
  });

  it('detects an unfinished file that is corrupt', async () => {
    const { command, partial } = await stopMidPart();
    command.kill('SIGKILL');
    await command.ended;
    between.release();
    const file = await open(partial, 'r+');
    await file.write(Buffer.from('corrupt'), 0, 7, 500_000);
    await file.close();
    expect((await fetch()).exitCode).toBe(0);
    await expectParts();
  });

  it('resumes by itself when the connection breaks', async () => {
    let broken = 0;
    between.interfere = (_asked, answer, pass) => {
      if (broken < 3) setTimeout(() => answer.destroy(), 0);
      else pass();
      broken += 1;
    };
    expect((await fetch('--part', '1')).exitCode).toBe(0);
    expect(sha256(await readFile(join(into, LARGEST.name)))).toBe(LARGEST.sha256);
  });

  it('--unpack writes the same tree as tar, and no tar', async () => {
    const { exitCode, stdout } = await fetch('--unpack');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('unpacked');
    await expectUnpacked();
    const again = await fetch('--unpack');
    expect(again.stdout).toContain('2 already present, verified too');
  });

  it('--unpack resumes after SIGKILL', async () => {
    const { command } = await stopMidPart('--unpack', '--jobs', '1');
    command.kill('SIGKILL');
    await command.ended;
    between.release();
    expect((await fetch('--unpack')).exitCode).toBe(0);
    await expectUnpacked();
  });

  it('fetches single files by path and by glob, into the tree of §3', async () => {
    const { exitCode } = await fetch('README', 'product/*.pbcor.fits', `${TREE}/log/imaging.log`);
    expect(exitCode).toBe(0);
    const expected = sampleFiles(sampleDelivery(OUS)).filter(
      ({ path }) => path.endsWith('/README') || path.endsWith('.pbcor.fits') || path.endsWith('/imaging.log'),
    );
    const entries = await readdir(into, { recursive: true, withFileTypes: true });
    const found = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(found.sort()).toEqual(expected.map(({ path }) => join(into, path)).sort());
    for (const { path, sha256: digest } of expected) expect(sha256(await readFile(join(into, path)))).toBe(digest);
  });

  it.each([
    ['a pattern that matches nothing', ['*.nothing'], 1, 'no file of the delivery matches "*.nothing"'],
    ['an unknown part', ['--part', '3'], 1, 'the delivery has no part "3"'],
    ['--unpack with a file', ['README', '--unpack'], 2, 'cannot be combined with PATH arguments'],
  ])('rejects %s', async (_what, args, exitCode, message) => {
    const end = await fetch(...args);
    expect([end.exitCode, end.stdout]).toEqual([exitCode, '']);
    expect(end.stderr).toContain(message);
    expect(existsSync(into) ? await readdir(into) : []).toEqual([]);
  });

  it('never saves a login page as a tar', async () => {
    between.interfere = (_asked, answer) => {
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>Your session has expired</html>');
    };
    const { exitCode, stderr } = await fetch();
    expect(exitCode).toBe(3);
    expect(stderr).toContain('received a web page instead of');
    expect(await readdir(into)).toEqual([]);
  });

  it('keeps no bytes that differ from the catalogue', async () => {
    between.interfere = (_asked, answer) => {
      const bytes = Buffer.from(samplePart(LARGEST.name));
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      answer.writeHead(200, { etag: `"${LARGEST.sha256}"`, 'content-length': bytes.length }).end(bytes);
    };
    const { exitCode, stderr } = await fetch('--part', '1');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('differs from the catalogue');
    expect(await readdir(into)).toEqual([]);
  });

  it('does not overwrite a different file', async () => {
    await mkdir(join(into, TREE), { recursive: true });
    await writeFile(join(into, TREE, 'README'), 'my notes');
    const { exitCode, stderr } = await fetch('--unpack');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('its content differs from the file in the archive');
    expect(await readFile(join(into, TREE, 'README'), 'utf8')).toBe('my notes');
    expect(between.asked.filter((path) => path.includes('/parts/'))).toEqual([]);
  });

  it.each([['--unpack'], ['README']])('does not write through a link at the target (%s)', async (arg) => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await mkdir(into);
    await symlink(outside, join(into, TREE.split('/')[0] ?? ''));
    const { exitCode, stderr } = await fetch(arg);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('is in the way');
    expect(await readdir(outside)).toEqual([]);
  });

  it('unpacks parts that have what a system and an editor left at the same paths, without that', async () => {
    const project = newProject('12m', '7m');
    const [member] = project.members;
    const tree = treeOf(project, member);
    const files = await memberFiles(project, member);
    const name = productTarName(project.code, member.uid, 1, 2);
    const parts = [];
    for (const [index, inside] of [files.slice(0, 6), files.slice(6)].entries()) {
      const litter: TarEntry[] = [
        { path: `${tree}/.DS_Store`, content: `part ${index}` },
        { path: `${tree}/script/.#scriptForPI.py`, type: 'symlink', linkTo: 'analyst@host.1' },
        { path: `__MACOSX/._${project.code}`, content: 'mac' },
      ];
      const bytes = await tarOf([...litter, ...inside]);
      parts.push(await putPart(archive.inbox, name.replace('1_of_2', `${index + 1}_of_2`), bytes));
    }
    const posted = { ...(await memberResult(archive.inbox, project, member)), parts };
    const { id, report } = await archive.client.deliver(posted);
    expect(report?.findings.map(({ code }) => code)).toEqual(['item.litter', 'product.line-cube']);
    expect((await archive.client.delivery(id)).files).toBe(files.length);
    const end = await CommandLine.run('fetch', member.uid, '--unpack', ...through());
    expect([end.exitCode, end.stderr]).toEqual([0, '']);
    const found = treeListing(into).filter((line) => !line.endsWith('directory'));
    expect(found.length).toBe(files.length);
    expect(await readFile(join(into, tree, 'README'), 'utf8')).toBe(files[0]?.content);
  });

  it.each([
    ['an unknown ObsUnitSet', 'uid://A001/X1/Xffff', 1, 'There is no ObsUnitSet'],
    ['an invalid uid', 'uid:/A001', 2, 'is neither a uid nor the id of a delivery'],
  ])('reports %s', async (_what, ous, exitCode, message) => {
    const end = await CommandLine.run('fetch', ous, ...through());
    expect([end.exitCode, end.stdout]).toEqual([exitCode, '']);
    expect(end.stderr).toContain(message);
  });

  it('does not fetch proprietary data with an unknown token', async () => {
    const proprietary = { ...sampleResult('member7m'), releaseDate: null };
    await archive.client.deliver(proprietary);
    const token = join(folder, 'token');
    await writeFile(token, 'wrong-token\n');
    const where = ['--server', between.url, '--token-file', token, '--into', into];
    const end = await CommandLine.run('fetch', ousOf(proprietary), ...where);
    expect([end.exitCode, end.stdout]).toEqual([1, '']);
    expect(end.stderr).toContain('token');
    expect(await readdir(into)).toEqual([]);
  });

  it('exits with 3 when the archive does not answer', async () => {
    await between.stop();
    const end = await fetch();
    between = await InterposedServer.start(() => archive.client.url);
    expect([end.exitCode, end.stdout]).toEqual([3, '']);
    expect(end.stderr).toContain('the connection was refused');
  });

  it('exits with 3, and says how to resume, when the archive dies during a download', async () => {
    const { command } = await stopMidPart();
    between.interfere = (_asked, answer) => answer.writeHead(503).end();
    between.release();
    await between.stop();
    const end = await command.ended;
    expect(end.exitCode).toBe(3);
    expect(end.stderr).toContain('downloaded data are kept; to resume, run');
    between = await InterposedServer.start(() => archive.client.url);
    expect((await fetch()).exitCode).toBe(0);
    await expectParts();
  });
});
