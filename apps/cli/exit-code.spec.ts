import { ArchiveClientError, type ArchiveClientErrorCode } from '@almagest/archive-client';
import type { Qa2State } from '@almagest/contracts';
import { CliError, type CliErrorCode, resumableError, toCliError } from './cli.error';
import { exitCodeOf, exitCodeOfChild } from './exit-code';

it.each<[Qa2State, number]>([
  ['accepted', 0],
  ['recorded', 0],
  ['stored', 0],
  ['catalogued', 0],
  ['superseded', 0],
  ['notified', 0],
  ['rejected', 1],
  ['mail-failed', 1],
])('a result that is %s ends with %d', (state, exitCode) => {
  expect(exitCodeOf({ state })).toBe(exitCode);
});

it.each<[CliErrorCode, number]>([
  ['cli.archive-refused', 1],
  ['cli.demo-failed', 1],
  ['cli.usage', 2],
  ['cli.input-unreadable', 2],
  ['cli.input-invalid', 2],
  ['cli.no-archive', 3],
  ['cli.archive-unreachable', 3],
  ['cli.output-lost', 4],
  ['cli.interrupted', 130],
])('%s ends with %d', (code, exitCode) => {
  expect(new CliError(code, 'message').exitCode).toBe(exitCode);
});

it.each<[ArchiveClientErrorCode, CliErrorCode, number]>([
  ['archive-client.refused', 'cli.archive-refused', 1],
  ['archive-client.failed', 'cli.archive-failed', 1],
  ['archive-client.digest-differs', 'cli.digest-differs', 1],
  ['archive-client.unsafe-archive', 'cli.unsafe-archive', 1],
  ['archive-client.cannot-read', 'cli.input-unreadable', 2],
  ['archive-client.unreachable', 'cli.archive-unreachable', 3],
  ['archive-client.not-an-archive', 'cli.not-an-archive', 3],
  ['archive-client.disk-full', 'cli.disk-full', 4],
  ['archive-client.cannot-write', 'cli.cannot-write', 4],
  ['archive-client.file-in-the-way', 'cli.file-in-the-way', 4],
])('%s becomes %s and ends with %d', (from, code, exitCode) => {
  const cause = new Error('cause');
  const error = new ArchiveClientError(from, 'message', { cause, hints: ['hint'], problem: 'intake.conflict' });
  expect(toCliError(error)).toMatchObject({
    code,
    exitCode,
    message: 'message',
    cause,
    detail: { problem: 'intake.conflict', hints: expect.arrayContaining(['hint']) as string[] },
  });
});

it('a command can resume after an interruption and when the archive is unreachable', () => {
  const unreachable = new ArchiveClientError('archive-client.unreachable', 'message');
  expect(resumableError(unreachable)?.code).toBe('cli.archive-unreachable');
  expect(resumableError(new CliError('cli.interrupted', 'message'))?.code).toBe('cli.interrupted');
  expect(resumableError(new ArchiveClientError('archive-client.refused', 'message'))).toBeNull();
  expect(resumableError(new Error('message'))).toBeNull();
});

it('returns the exit code of a child as a shell does', () => {
  expect(exitCodeOfChild(3, undefined)).toBe(3);
  expect(exitCodeOfChild(null, 9)).toBe(137);
});
