import fs, { openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogDestination } from './log-destination';

const DISK_FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

/** Node's `fs.write` as the destination calls it. */
type Write = (fd: number, bytes: Buffer, offset: number, done: (error: Error | null, written?: number) => void) => void;

describe('LogDestination', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almagest-log-'));
    path = join(directory, 'almagest.log');
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(directory, { recursive: true, force: true });
  });

  const content = (): Promise<string> => readFile(path, 'utf8');

  it('appends to a file that only its owner can read', async () => {
    const log = LogDestination.toFile(path);
    log.write('{"msg":"one"}\n');
    log.write('{"msg":"two"}\n');
    await log.written();
    expect(await content()).toBe('{"msg":"one"}\n{"msg":"two"}\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('drops and counts lines while the disk is full, and does not fail', async () => {
    const log = new LogDestination(openSync('/dev/full', 'a'));
    log.write('one\n');
    log.write('two\n');
    await log.written();
    expect(log.dropped).toBe(2);
  });

  it('writes again when there is space, says how many lines are missing, and starts a new line', async () => {
    const log = LogDestination.toFile(path);
    const real = fs.write as unknown as Write;
    const faults = jest.spyOn(fs, 'write') as unknown as jest.SpyInstance<void, Parameters<Write>>;
    faults.mockImplementationOnce((fd, bytes, offset, done) => real(fd, bytes.subarray(0, 3), offset, done));
    faults.mockImplementationOnce((_fd, _bytes, _offset, done) => done(DISK_FULL));
    log.write('torn line\n');
    await log.written();
    log.write('{"msg":"after"}\n');
    await log.written();
    const [torn, notice, after] = (await content()).split('\n');
    expect([torn, after]).toEqual(['tor', '{"msg":"after"}']);
    expect(JSON.parse(notice ?? '')).toMatchObject({ level: 40, lines: 1, msg: 'log lines were dropped' });
  });

  it('counts no line twice when the disk is full again after the notice', async () => {
    const log = LogDestination.toFile(path);
    const real = fs.write as unknown as Write;
    const faults = jest.spyOn(fs, 'write') as unknown as jest.SpyInstance<void, Parameters<Write>>;
    const full: Write = (_fd, _bytes, _offset, done) => done(DISK_FULL);
    faults.mockImplementationOnce(full);
    faults.mockImplementationOnce((fd, bytes, offset, done) => {
      const notice = bytes.indexOf('\n') + 1;
      real(fd, bytes.subarray(0, notice), offset, done);
    });
    faults.mockImplementationOnce(full);
    for (const line of ['first\n', 'second\n', 'third\n']) {
      log.write(line);
      await log.written();
    }
    expect(log.dropped).toBe(2);
    expect(await content()).toMatch(/^\{.*"lines":1,.*\}\n\{.*"lines":1,.*\}\nthird\n$/);
  });

  it('leaves a device as it is', async () => {
    await symlink('/dev/full', path);
    const before = (await stat(path)).mode;
    const log = LogDestination.toFile(path, { fileBytes: 0 });
    log.write('one\n');
    await log.written();
    expect([await readdir(directory), (await stat(path)).mode]).toEqual([['almagest.log'], before]);
  });

  it('drops lines that wait for a destination that does not take them', async () => {
    const held: (() => void)[] = [];
    const real = fs.write as unknown as Write;
    const slow = jest.spyOn(fs, 'write') as unknown as jest.SpyInstance<void, Parameters<Write>>;
    slow.mockImplementationOnce((...all) => void held.push(() => real(...all)));
    const log = LogDestination.toFile(path, { waitingBytes: 10 });
    log.write('taken at once\n');
    expect(held).toHaveLength(1);
    log.write('waits\n');
    log.write('is too much\n');
    held[0]?.();
    await log.written();
    expect(log.dropped).toBe(1);
    expect(await content()).toMatch(/^taken at once\n\{.*"lines":1.*\}\nwaits\n$/);
  });

  it('starts a new file when one is full, and keeps the newest', async () => {
    const log = LogDestination.toFile(path, { fileBytes: 8, files: 2 });
    for (const line of ['first...\n', 'second..\n', 'third...\n', 'fourth..\n']) {
      log.write(line);
      await log.written();
    }
    expect((await readdir(directory)).sort()).toEqual(['almagest.log', 'almagest.log.1', 'almagest.log.2']);
    expect(await content()).toBe('fourth..\n');
    expect(await readFile(`${path}.1`, 'utf8')).toBe('third...\n');
    expect(await readFile(`${path}.2`, 'utf8')).toBe('second..\n');
  });

  it('continues a full file that an earlier process wrote in a new one', async () => {
    await fs.promises.writeFile(path, 'earlier..\n');
    const log = LogDestination.toFile(path, { fileBytes: 8 });
    log.write('now\n');
    await log.written();
    expect([await content(), await readFile(`${path}.1`, 'utf8')]).toEqual(['now\n', 'earlier..\n']);
  });
});
