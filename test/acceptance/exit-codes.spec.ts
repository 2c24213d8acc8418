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
