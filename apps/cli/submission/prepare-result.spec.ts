import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Qa2Result } from '@almagest/contracts';
import { CliError } from '../cli.error';
import { type HashProgress, prepareResult } from './prepare-result';

const EXAMPLES = resolve('examples');
const RESULT = join(EXAMPLES, '2-member-7m.json');
const PART = join(EXAMPLES, '2013.1.09999.S_uid___A001_X1_Xa4_1_of_1.tar');

describe('prepareResult', () => {
  const never = new AbortController().signal;
  let directory: string;
  let progress: HashProgress & { ended: string[]; seen: number };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almagest-cli-'));
    progress = {
      ended: [],
      seen: 0,
      onBegin: () => (progress.seen = 0),
      onBytes: (bytes) => (progress.seen += bytes),
      onEnd: (path, size) => progress.ended.push(`${path} ${size}`),
    };
  });

  afterEach(() => rm(directory, { recursive: true }));

  const changed = async (change: (result: Record<string, unknown>) => void): Promise<string> => {
    const result = JSON.parse(await readFile(RESULT, 'utf8')) as Record<string, unknown>;
    change(result);
    const file = join(directory, 'result.json');
    await writeFile(file, JSON.stringify(result));
    return file;
  };

  it('turns locations into URLs and keeps everything else', async () => {
    const sample = JSON.parse(await readFile(RESULT, 'utf8')) as Qa2Result;
    const result = await prepareResult(RESULT, { parts: [] }, progress, never);
    expect(result.parts).toEqual([{ ...sample.parts?.[0], location: pathToFileURL(PART).href }]);
    expect(result.recipients).toEqual(sample.recipients);
    expect(progress.ended).toEqual([]);
  });

  it('hashes parts that the user gives', async () => {
    const sample = JSON.parse(await readFile(RESULT, 'utf8')) as Qa2Result;
    const file = await changed((result) => delete result['parts']);
    const { parts } = await prepareResult(file, { parts: [PART] }, progress, never);
    expect(parts).toEqual([{ ...sample.parts?.[0], location: pathToFileURL(PART).href }]);
    expect(progress.ended).toEqual([`${PART} ${sample.parts?.[0]?.size}`]);
    expect(progress.seen).toBe(sample.parts?.[0]?.size);
  });

  it('replaces parts by a tree', async () => {
    const result = await prepareResult(RESULT, { parts: [], tree: directory }, progress, never);
    expect(result).toMatchObject({ tree: { location: pathToFileURL(directory).href } });
    expect(result).not.toHaveProperty('parts');
  });

  it('reports all violations at once, including missing files', async () => {
    const file = await changed((result) => Object.assign(result, { revision: 0, extra: 1 }));
    await expect(prepareResult(file, { parts: [] }, progress, never)).rejects.toMatchObject({
      code: 'cli.input-invalid',
      exitCode: 2,
      detail: {
        violations: [
          { pointer: '/revision', message: 'a revision starts at 1' },
          { pointer: '/extra', message: 'unknown field' },
          { pointer: '/parts/0/location', message: expect.stringMatching(/ does not exist$/) as string },
        ],
      },
    });
  });

  it('hashes nothing when something else is wrong', async () => {
    const file = await changed((result) => Object.assign(result, { revision: 0 }));
    await expect(prepareResult(file, { parts: [PART] }, progress, never)).rejects.toThrow();
    expect(progress.seen).toBe(0);
  });

  it('rejects with the reason of an interruption while it hashes', async () => {
    const controller = new AbortController();
    const reason = new CliError('cli.interrupted', 'interrupted');
    progress.onBytes = () => controller.abort(reason);
    await expect(prepareResult(RESULT, { parts: [PART] }, progress, controller.signal)).rejects.toBe(reason);
  });

  it('refuses a directory as a part', async () => {
    await copyFile(RESULT, join(directory, 'result.json'));
    await expect(
      prepareResult(join(directory, 'result.json'), { parts: [directory] }, progress, never),
    ).rejects.toMatchObject({ code: 'cli.input-unreadable', message: `${directory} is not a file` });
  });

  it.each([
    ['there is none', 'none.json', null, /no such file$/],
    ['it is not JSON', 'bad.json', '{"a":', /is not valid JSON/],
    ['it is too long', 'long.json', ' '.repeat(1024 * 1024 + 1), /is too long/],
  ])('cannot read a result when %s', async (_title, name, content, message) => {
    const file = join(directory, name);
    if (content !== null) await writeFile(file, content);
    await expect(prepareResult(file, { parts: [] }, progress, never)).rejects.toMatchObject({
      code: 'cli.input-unreadable',
      exitCode: 2,
      message: expect.stringMatching(message) as string,
    });
  });
});
