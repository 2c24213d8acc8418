import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './harness/built';
import { CommandLine } from './harness/command-line';

describe('a command that never finishes', () => {
  it.each([
    ['ls', ['ls', '--server', 'http://127.0.0.1:1']],
    ['fetch', ['fetch', 'uid://A001/X1/Xa3', '--server', 'http://127.0.0.1:1', '--into', '/nowhere', '--unpack']],
  ])('fails instead of looking like a success: %s', async (_name, args) => {
    const { exitCode, stdout, stderr } = await CommandLine.runUnanswered(...args);
    expect([exitCode, stdout]).toEqual([70, '']);
    expect(stderr).toBe('almagest: internal error: the command ended without a result\n');
  });
});

describe('a command whose output is not read to its end', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'almagest-output-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs a line of the shell in the folder, with `almagest` as the command. */
  const shell = async (line: string): Promise<[number, string]> =>
    new Promise((resolve) => {
      const almagest = `almagest() { '${process.execPath}' '${join(REPOSITORY, 'dist/apps/cli/main.js')}' "$@"; }`;
      execFile('bash', ['-c', `set -o pipefail; ${almagest}; ${line}`], { cwd: folder }, (error, _out, err) =>
        resolve([typeof error?.code === 'number' ? error.code : 0, err]),
      );
    });

  it.each([
    ['a full disk', 'almagest rules --json > /dev/full', 4, 'the disk is full'],
    ['a full disk, for the help', 'almagest --help > /dev/full', 4, 'the disk is full'],
    ['a disk that takes the first part only', 'ulimit -f 4; almagest rules --json > rules.json', 4, 'too large'],
    ['a reader that left', 'almagest rules --json | head -1', 0, ''],
    ['a reader that left before a rejection', `almagest validate --json '${REPOSITORY}/docs' | head -1`, 1, ''],
  ])('%s', async (_title, line, exitCode, message) => {
    expect(await shell(line)).toEqual([exitCode, expect.stringContaining(message)]);
  });

  it('the first part was written', async () => {
    expect(await readFile(join(folder, 'rules.json'))).toHaveLength(4096);
  });
});
