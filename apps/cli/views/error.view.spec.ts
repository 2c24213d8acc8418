import { CliError } from '../cli.error';
import { PLAIN } from '../testing/memory-terminal';
import { errorDocument, errorView } from './error.view';

describe('errorView', () => {
  it('lists violations by their pointers, then hints', () => {
    const error = new CliError('cli.input-invalid', 'faults', {
      violations: [
        { pointer: '/parts/0/size', message: 'negative' },
        { pointer: '', message: 'no object' },
      ],
      hints: ['fix it'],
    });
    expect(errorView(error, PLAIN, 80)).toEqual([
      'almagest: faults',
      '  /parts/0/size  negative',
      '  /              no object',
      '  fix it',
    ]);
  });

  it('shows the recorded and the posted value of each difference', () => {
    const error = new CliError('cli.archive-refused', 'recorded with other content', {
      differingValues: [
        { pointer: '/recipients/0/name', recorded: 'A', posted: 'B' },
        { pointer: '/tree', recorded: { location: 'file:///a' } },
        { pointer: '/long', posted: 'x'.repeat(100) },
      ],
    });
    expect(errorView(error, PLAIN, 60)).toEqual([
      'almagest: recorded with other content',
      '  /recipients/0/name  recorded: "A"',
      '                      posted:   "B"',
      '  /tree               recorded: {"location":"file:///a"}',
      '                      posted:   nothing',
      '  /long               recorded: nothing',
      `                      posted:   "${'x'.repeat(24)}...`,
    ]);
  });

  it('limits the number of listed violations', () => {
    const violations = Array.from({ length: 60 }, (_, index) => ({ pointer: `/${index}`, message: 'x' }));
    const lines = errorView(new CliError('cli.input-invalid', 'faults', { violations }), PLAIN, 80);
    expect(lines).toHaveLength(52);
    expect(lines.at(-1)).toBe('  and 10 more');
  });

  it('escapes control characters', () => {
    expect(errorView(new Error('a\u001b[2Jb\nc'), PLAIN, 80)).toEqual(['almagest: a\\x1b[2Jb', 'c']);
  });
});

describe('errorDocument', () => {
  it('has the error code, the archive’s error code and the exit code', () => {
    const error = new CliError('cli.archive-refused', 'no', { problem: 'intake.conflict', differences: ['/a'] });
    expect(errorDocument(error, 1)).toEqual({
      error: {
        code: 'cli.archive-refused',
        problem: 'intake.conflict',
        message: 'no',
        differences: ['/a'],
        exitCode: 1,
      },
    });
  });

  it('covers unexpected errors', () => {
    expect(errorDocument(new TypeError('oh'), 1)).toEqual({
      error: { code: 'cli.unexpected', message: 'oh', exitCode: 1 },
    });
  });
});
