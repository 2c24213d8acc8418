import { nextRun, progressOf, toMetadata } from './consumer-group';

describe('the metadata of a committed offset', () => {
  it('counts the runs of the message at that offset, and of no other', () => {
    const progress = progressOf('7', toMetadata({ attempts: 2, begunUpTo: 9n }));
    expect(progress).toEqual({ at: 7n, attempts: 2, begunUpTo: 9n });
    expect([nextRun(progress, 7n), nextRun(progress, 8n)]).toEqual([3, 1]);
  });

  it.each(['', null, undefined, 'attempts=x begun=1', 'metadata of another writer'])(
    'is ignored when it is %p',
    (text) => {
      expect(progressOf('7', text)).toEqual({ at: 7n, attempts: 0, begunUpTo: -1n });
    },
  );
});
