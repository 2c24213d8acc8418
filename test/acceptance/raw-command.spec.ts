import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { asdmListSchema, rawRequestStatusSchema } from '@almagest/contracts';
import { parseUid, rawTarName } from '@almagest/ous';
import { Archive } from './harness/archive';
import { REPOSITORY } from './harness/built';
import { CommandLine, type CommandEnd } from './harness/command-line';
import { putFile, sha256 } from './harness/posting';
import { EXAMPLES, sampleResult } from './harness/sample';
import { SlowProxy } from './harness/slow-proxy';
import { waitFor } from '../harness/wait-for';

const MEMBER = 'uid://A001/X1/Xa3';
const TARS = ['uid://A002/X1/Xb1', 'uid://A002/X1/Xb2'].map((uid) => rawTarName('2013.1.09999.S', parseUid(uid)));
const TAR_7M = rawTarName('2013.1.09999.S', parseUid('uid://A002/X1/Xb3'));

describe('almagest raw', () => {
  let proxy: SlowProxy;
  let archive: Archive;
  let directory: string;
  let delivery: string;
  let id: string;
  /** A request for which nothing could be staged. */
  let failed: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almagest-raw-command-'));
    proxy = await SlowProxy.start();
    archive = await Archive.start({ env: { PUBLIC_URL: proxy.url } });
    proxy.leadTo(archive.client.url);
    delivery = (await archive.client.deliver({ ...sampleResult('member12m'), releaseDate: null })).id;
  });
  afterAll(async () => {
    await archive?.remove();
    await proxy?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const through = (): string[] => ['--server', proxy.url, '--token-file', join(archive.home, 'service-tokens')];
  const raw = (...args: string[]): Promise<CommandEnd> => CommandLine.run('raw', ...args, ...through());

  it('lists exactly the ASDMs of a MemberOUS', async () => {
    const { exitCode, stdout } = await raw('list', MEMBER);
    expect([exitCode, TARS.every((tar) => stdout.includes(tar))]).toEqual([0, true]);
    expect(stdout).toContain('2 ASDMs, 7.6 MB');
    const json = await raw('list', 'uid___A001_X1_Xa3', '--json');
    expect(asdmListSchema.parse(JSON.parse(json.stdout)).asdms).toHaveLength(2);
    expect(await raw('list', 'uid://A001/X1/Xfff')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('requests them and shows the state of each', async () => {
    const { exitCode, stdout, stderr } = await raw('request', MEMBER, '--mail-to', 'hleavitt@example.org');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/state +staged/);
    expect(stderr).toMatch(/^staged +uid:\/\/A002\/X1\/Xb1 {2}3\.8 MB$/m);
    id = /Request for raw data (\S+)/.exec(stdout)?.[1] ?? '';
    // The same request again: nothing is staged again.
    const again = await raw('request', MEMBER, '--json');
    expect(rawRequestStatusSchema.parse(JSON.parse(again.stdout))).toMatchObject({ id, state: 'staged' });
  });

  it('shows all requests, and one by the beginning of its id', async () => {
    expect((await raw('status')).stdout).toContain(id.slice(0, 8));
    expect((await raw('status', id.slice(0, 8))).stdout).toContain(id);
    expect(await raw('status', '00000000')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('fetches them; after a kill, the same command resumes', async () => {
    const into = join(directory, 'fetched');
    const args = ['raw', 'fetch', id.slice(0, 8), '--into', into, '--jobs', '1', ...through()];
    proxy.holdAfter = 1_000_000;
    const killed = CommandLine.begin(...args);
    await waitFor('a piece of the first file', async () => {
      const parts = await readdir(join(into, '.almagest-fetch')).catch(() => []);
      const sizes = await Promise.all(
        parts.map(async (part) => (await stat(join(into, '.almagest-fetch', part))).size),
      );
      return sizes.some((size) => size > 500_000);
    });
    killed.kill('SIGKILL');
    await killed.ended;
    expect(await readdir(into)).toEqual(['.almagest-fetch']);

    proxy.holdAfter = null;
    proxy.asked.length = 0;
    const { exitCode, stdout } = await CommandLine.run(...args);
    expect([exitCode, stdout.includes('verified by SHA-256')]).toEqual([0, true]);
    expect(proxy.asked.filter((line) => /range: bytes=[1-9]/i.test(line))).toHaveLength(1);
    expect((await readdir(into)).sort()).toEqual(TARS);
    for (const tar of TARS) {
      expect(sha256(await readFile(join(into, tar)))).toBe(sha256(await readFile(join(EXAMPLES, tar))));
    }
    expect((await CommandLine.run(...args)).stdout).toContain('2 already present, verified too');
  });

  it('fetches with only the link of the mail', async () => {
    const mail = await waitFor('the mail', async () =>
      (await archive.mailbox.all()).find(({ text }) => text.includes(id)),
    );
    const link = /'(http\S+)'/.exec(mail.text)?.[1] ?? '';
    const into = join(directory, 'linked');
    const end = await CommandLine.run('raw', 'fetch', id, '--into', into, '--link', link);
    expect(end).toMatchObject({ exitCode: 0 });
    expect((await readdir(into)).sort()).toEqual(TARS);
  });

  it('suggests commands that work when they are pasted, with the link of a mail too', async () => {
    const [mail] = await archive.mailbox.about(delivery);
    const link = /http\S+\/deliveries\/[0-9a-f-]+\/download\.sh\?link=[^\s']+/.exec(mail?.text ?? '')?.[0] ?? '';
    const requested = await CommandLine.run('raw', 'request', MEMBER, '--link', link);
    const suggested = /run: npx (almagest raw fetch .*)/.exec(requested.stdout)?.[1] ?? '';
    expect(suggested).toContain(`--link '${link}'`);
    const into = join(directory, 'pasted');
    const shell = promisify(execFile);
    const options = { cwd: REPOSITORY };
    await shell('sh', ['-c', `npx ${suggested} --into '${into}'`], options);
    expect((await readdir(into)).sort()).toEqual(TARS);
    // No list of processes shows the link: it is in the environment.
    const again = await shell('sh', ['-c', `npx almagest raw fetch ${MEMBER} --into '${into}'`], {
      ...options,
      env: { ...process.env, ALMAGEST_LINK: link },
    });
    expect(again.stdout).toContain('2 already present, verified too');
    expect(await CommandLine.run('raw', 'status', '77ab', '--link', link)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('with a link, give the whole id') as string,
    });
  });

  it('exits with 1 when an ASDM cannot be staged, and says what to do', async () => {
    const result = sampleResult('member7m');
    const executionBlocks = result.executionBlocks.map((block) => ({
      ...block,
      asdm: { ...block.asdm, location: pathToFileURL(join(archive.inbox, 'b3.tar')).href },
    }));
    await archive.client.deliver({ ...result, executionBlocks });
    const { exitCode, stdout, stderr } = await raw('request', 'uid://A001/X1/Xa4');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('(source.not-found)');
    expect(stdout).toContain('to retry what failed, run: npx almagest raw retry');
    failed = /Request for raw data (\S+)/.exec(stdout)?.[1] ?? '';
    expect(await raw('fetch', failed)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('retries failed ASDMs each time it is asked to', async () => {
    const again = await raw('retry', failed.slice(0, 8));
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('(source.not-found)')]);
    await putFile(archive.inbox, 'b3.tar', await readFile(join(EXAMPLES, TAR_7M)));
    const retried = await raw('retry', failed, '--json');
    expect(retried.exitCode).toBe(0);
    expect(rawRequestStatusSchema.parse(JSON.parse(retried.stdout))).toMatchObject({ id: failed, state: 'staged' });
    // Nothing is left to retry.
    expect(await raw('retry', failed)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/state +staged/) });
    expect(await raw('retry', '00000000')).toMatchObject({ exitCode: 1, stdout: '' });
    const into = join(directory, 'retried');
    expect((await raw('fetch', failed, '--into', into)).exitCode).toBe(0);
    expect(await readdir(into)).toEqual([TAR_7M]);
  });
});
