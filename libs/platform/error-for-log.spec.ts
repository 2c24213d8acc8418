import { QueryFailedError } from 'typeorm';
import { createLogger } from './logging';

const ADDRESS = 'hleavitt@example.org';

/** Returns the log line of an error. */
function lineOf(error: unknown): string {
  const lines: string[] = [];
  createLogger('test', { level: 'info', destination: { write: (line) => void lines.push(line) } }).error(
    { error },
    'x',
  );
  return lines.join('');
}

function withFields(message: string, fields: object, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), fields);
}

describe('the log of an error', () => {
  it.each([
    [
      'a failed query',
      new QueryFailedError(
        'INSERT INTO mail (email) VALUES ($1)',
        [ADDRESS],
        withFields('duplicate key', { code: '23505', detail: `Key (email)=(${ADDRESS}) already exists.` }),
      ),
    ],
    ['a malformed body', withFields('Unexpected end of JSON input', { body: `{"email": "${ADDRESS}"` })],
    ['a cause', withFields('job failed', {}, withFields('query failed', { parameters: [ADDRESS] }))],
    ['an AggregateError', new AggregateError([withFields('no answer', { url: `?link=${ADDRESS}` })], 'none worked')],
    ['what is not an error', { email: ADDRESS, to: ADDRESS }],
  ])('shows no address in the fields of %s', (_, error) => {
    expect(lineOf(error)).not.toContain(ADDRESS);
  });

  it('is short, also with endless causes', () => {
    const error = new Error('x'.repeat(100_000));
    error.cause = error;
    expect(lineOf(error).length).toBeLessThan(50_000);
  });

  it('shows type, code, message, stack and causes', () => {
    const error = withFields('job failed', { code: 'jobs.failed' }, withFields('no answer', { code: 'ECONNREFUSED' }));
    expect(JSON.parse(lineOf(error))).toMatchObject({
      error: {
        type: 'Error',
        code: 'jobs.failed',
        message: 'job failed',
        stack: expect.stringContaining('error-for-log.spec'),
        cause: { code: 'ECONNREFUSED', message: 'no answer' },
      },
    });
  });
});
