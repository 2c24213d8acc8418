import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ousOf, qa2StatusSchema } from '@almagest/contracts';
import { treeListing } from '@almagest/tar/testing/tree-listing';
import { z } from 'zod';
import { Archive } from './harness/archive';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { sha256 } from './harness/posting';
import { EXAMPLES, sampleDelivery, sampleResult } from './harness/sample';

const RESULT = sampleResult('member7m');
const { tree: TREE, product_tars: PARTS } = sampleDelivery(ousOf(RESULT));
const LONG = `log/${'a-name-that-no-header-of-tar-holds-'.repeat(5)}.log`;
const packedSchema = z.object({
  project: z.string(),
  ous: z.string(),
  parts: z.array(z.object({ name: z.string(), size: z.int(), sha256: z.string() })),
});

/**
 * The 7 m tree of the sample, with properties that a tar may lose: modes, times, long names, empty files and folders.
 */
describe('a tree that is packed, submitted, ingested and fetched', () => {
  let archive: Archive;
  let folder: string;
  let tree: string;
  let parts: string;

  beforeAll(async () => {
    archive = await Archive.start();
    folder = await mkdtemp(join(tmpdir(), 'almagest-pack-'));
    [tree, parts] = [join(folder, 'tree'), join(archive.inbox, 'parts')];
    await mkdir(tree);
    for (const { name } of PARTS) execFileSync('tar', ['xpf', join(EXAMPLES, name), '-C', tree]);
    const at = (path: string): string => join(tree, TREE, path);
    await writeFile(at(LONG), 'long');
    await writeFile(at('log/empty.log'), '');
    await mkdir(at('log/nothing'));
    await chmod(at('README'), 0o640);
    await chmod(at('script/scriptForPI.py'), 0o755);
    await chmod(at('qa'), 0o750);
    await utimes(at('README'), 1_400_000_000, 1_400_000_000);
    await utimes(at('log'), 1_300_000_000, 1_300_000_000);
  });
  afterAll(async () => {
    await archive?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const to = (...args: string[]): Promise<CommandEnd> => CommandLine.run(...args);
  const pack = async (into: string): Promise<z.infer<typeof packedSchema>> => {
    const { exitCode, stdout, stderr } = await to('pack', tree, '--into', into, '--max-part-size', '600kB', '--json');
    if (exitCode !== 0) throw new Error(stderr);
    return packedSchema.parse(JSON.parse(stdout));
  };

  it('is packed into parts named as in §2, within the maximum size, reproducibly', async () => {
    const packed = await pack(parts);
    expect(packed).toMatchObject({ project: '2013.1.09999.S', ous: 'uid://A001/X1/Xa4' });
    const { length } = packed.parts;
    expect(length).toBeGreaterThan(2);
    for (const [index, { name, size, sha256: digest }] of packed.parts.entries()) {
      expect(name).toBe(`2013.1.09999.S_uid___A001_X1_Xa4_${index + 1}_of_${length}.tar`);
      const bytes = await readFile(join(parts, name));
      expect([size, digest]).toEqual([bytes.length, sha256(bytes)]);
    }
    expect((await readdir(parts)).sort()).toEqual(packed.parts.map(({ name }) => name).sort());
    expect(await pack(join(folder, 'again'))).toMatchObject({
      parts: packed.parts.map(({ name, sha256: digest }) => ({ name, sha256: digest })),
    });
  });

  it('is fetched unchanged: content, modes and times', async () => {
    const { parts: _parts, ...result } = RESULT;
    const document = join(folder, 'result.json');
    await writeFile(document, JSON.stringify(result));
    const names = (await readdir(parts)).sort();
    const where = ['--home', archive.home];
    const submitted = await to('submit', document, ...names.map((name) => join(parts, name)), ...where, '--json');
    const status = z.object({ result: qa2StatusSchema }).parse(JSON.parse(submitted.stdout)).result;
    expect([submitted.exitCode, status.state]).toEqual([0, 'notified']);

    const into = join(folder, 'back');
    const fetched = await to('fetch', ousOf(RESULT), '--unpack', '--into', into, ...where);
    expect([fetched.exitCode, fetched.stdout]).toEqual([0, expect.stringContaining('unpacked')]);
    expect(treeListing(into)).toEqual(treeListing(tree));
    expect((await stat(join(into, TREE, 'script/scriptForPI.py'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(into, TREE, 'README'))).mtimeMs).toBe(1_400_000_000_000);
  });

  it('can be fetched file by file, including an empty file', async () => {
    const into = join(folder, 'files');
    const where = ['--home', archive.home, '--into', into];
    const { exitCode } = await to('fetch', ousOf(RESULT), `${TREE}/${LONG}`, `${TREE}/log/empty.log`, ...where);
    expect(exitCode).toBe(0);
    expect(await readFile(join(into, TREE, LONG), 'utf8')).toBe('long');
    expect((await stat(join(into, TREE, 'log/empty.log'))).size).toBe(0);

    const [delivery] = await archive.client.deliveries(ousOf(RESULT));
    const url = `/deliveries/${delivery?.id}/files/${TREE}/log/empty.log`;
    const ask = async (method: string, range?: string): Promise<unknown[]> => {
      const headers: Record<string, string> = range === undefined ? {} : { range };
      const response = await archive.client.request(url, { method, headers });
      const length = (await response.arrayBuffer()).byteLength;
      return [response.status, response.headers.get('content-range'), response.status === 416 ? 'problem' : length];
    };
    expect(await ask('GET')).toEqual([200, null, 0]);
    expect(await ask('HEAD')).toEqual([200, null, 0]);
    // A suffix range of an empty file is valid, its first byte is not (RFC 9110 §14.1.2).
    expect(await ask('GET', 'bytes=-5')).toEqual([200, null, 0]);
    expect(await ask('GET', 'bytes=0-')).toEqual([416, 'bytes */0', 'problem']);
  });

  it('is not packed if it changes meanwhile, and leaves no part', async () => {
    const grown = join(tree, TREE, 'log/grown.log');
    const into = join(folder, 'changed');
    await writeFile(grown, Buffer.alloc(40_000_000));
    const run = CommandLine.begin('pack', tree, '--into', into);
    const changing = setInterval(() => void appendFile(grown, 'more').catch(() => undefined), 1);
    const { exitCode, stdout, stderr } = await run.ended;
    clearInterval(changing);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('grown.log');
    expect(await readdir(into)).toEqual([]);
  });
});
