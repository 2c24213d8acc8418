import { CliError } from '../cli.error';
import { PLAIN } from '../testing/memory-terminal';
import { errorDocument, errorView, valueAt } from './error.view';

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

  it('shows the posted values that differ from the recorded ones', () => {
    const error = new CliError('cli.archive-refused', 'recorded with other content', {
      differences: ['/recipients/0/name', '/tree', '/long'],
      posted: { recipients: [{ name: 'B' }], long: 'x'.repeat(100) },
    });
    expect(errorView(error, PLAIN, 60)).toEqual([
      'almagest: recorded with other content',
      '  /recipients/0/name  posted now: "B"',
      '  /tree               not posted',
      `  /long               posted now: "${'x'.repeat(22)}...`,
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

describe('valueAt', () => {
  const document = { 'a/b': { '~': [10, { c: null }] } };

  it.each([
    ['', document],
    ['/a~1b/~0/0', 10],
    ['/a~1b/~0/1/c', null],
    ['/a~1b/~0/7', undefined],
    ['/none/x', undefined],
    ['/toString', undefined],
  ])('returns the value at "%s"', (pointer, value) => {
    expect(valueAt(document, pointer)).toEqual(value);
  });
});
