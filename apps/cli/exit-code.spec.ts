import type { Qa2State } from '@almagest/contracts';
import { CliError, type CliErrorCode } from './cli.error';
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
  ['cli.output-closed', 0],
  ['cli.archive-refused', 1],
  ['cli.demo-failed', 1],
  ['cli.usage', 2],
  ['cli.input-unreadable', 2],
  ['cli.input-invalid', 2],
  ['cli.no-archive', 3],
  ['cli.archive-unreachable', 3],
  ['cli.interrupted', 130],
])('%s ends with %d', (code, exitCode) => {
  expect(new CliError(code, 'message').exitCode).toBe(exitCode);
});

it('returns the exit code of a child as a shell does', () => {
  expect(exitCodeOfChild(3, undefined)).toBe(3);
  expect(exitCodeOfChild(null, 9)).toBe(137);
});
