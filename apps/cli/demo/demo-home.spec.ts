import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoHome } from './demo-home';

describe('the home of the demo', () => {
  /** Above the highest process id of any system. */
  const NOBODY = 2 ** 30;
  let parent: string;
  let directory: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'almagest-cli-'));
    directory = join(parent, 'below', 'demo');
  });

  afterEach(() => rm(parent, { recursive: true }));

  it('is emptied for each run', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'old'), '');
    const home = await DemoHome.acquire(directory);
    await expect(readdir(join(parent, 'below'))).resolves.toEqual(['demo.lock']);
    await home.release();
    await expect(readdir(join(parent, 'below'))).resolves.toEqual([]);
  });

  it('is locked by one run at a time, and not touched by a second', async () => {
    const first = await DemoHome.acquire(directory);
    await mkdir(directory);
    await expect(DemoHome.acquire(directory)).rejects.toMatchObject({
      code: 'cli.demo-failed',
      detail: { hints: [`stop it first: kill ${process.pid}`] },
    });
    await expect(readdir(join(parent, 'below'))).resolves.toEqual(['demo', 'demo.lock']);
    await first.release();
  });

  it('takes over a stale lock', async () => {
    await mkdir(join(parent, 'below'));
    await writeFile(`${directory}.lock`, `${NOBODY}\n${NOBODY}\n`);
    const home = await DemoHome.acquire(directory);
    await expect(readFile(`${directory}.lock`, 'utf8')).resolves.toBe(`${process.pid}\n`);
    await home.release();
  });

  it('stays locked while the archive of a killed run is still running', async () => {
    await mkdir(join(parent, 'below'));
    await writeFile(`${directory}.lock`, `${NOBODY}\n${process.pid}\n`);
    await expect(DemoHome.acquire(directory)).rejects.toThrow(`process ${process.pid} already uses`);
  });

  it('records the process of the archive', async () => {
    const home = await DemoHome.acquire(directory);
    await home.recordArchive(4711);
    await expect(readFile(`${directory}.lock`, 'utf8')).resolves.toBe(`${process.pid}\n4711\n`);
    await home.release();
  });
});
