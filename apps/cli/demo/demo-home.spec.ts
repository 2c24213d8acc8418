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
    const home = await DemoHome.take(directory);
    await expect(readdir(join(parent, 'below'))).resolves.toEqual(['demo.lock']);
    await home.release();
    await expect(readdir(join(parent, 'below'))).resolves.toEqual([]);
  });

  it('is one run’s at a time, and stays as it is for the second', async () => {
    const first = await DemoHome.take(directory);
    await mkdir(directory);
    await expect(DemoHome.take(directory)).rejects.toMatchObject({
      code: 'cli.demo-failed',
      detail: { hints: [`stop it first: kill ${process.pid}`] },
    });
    await expect(readdir(join(parent, 'below'))).resolves.toEqual(['demo', 'demo.lock']);
    await first.release();
  });

  it('is free after a run that was killed', async () => {
    await mkdir(join(parent, 'below'));
    await writeFile(`${directory}.lock`, `${NOBODY}\n${NOBODY}\n`);
    const home = await DemoHome.take(directory);
    await expect(readFile(`${directory}.lock`, 'utf8')).resolves.toBe(`${process.pid}\n`);
    await home.release();
  });

  it('is not free while the archive of a run that was killed lives on', async () => {
    await mkdir(join(parent, 'below'));
    await writeFile(`${directory}.lock`, `${NOBODY}\n${process.pid}\n`);
    await expect(DemoHome.take(directory)).rejects.toThrow(`process ${process.pid} runs on`);
  });

  it('notes the archive’s process', async () => {
    const home = await DemoHome.take(directory);
    await home.note(4711);
    await expect(readFile(`${directory}.lock`, 'utf8')).resolves.toBe(`${process.pid}\n4711\n`);
    await home.release();
  });
});
