import { ObjectStoreError, type ObjectStoreErrorCode } from '@almagest/object-store';
import { TarError } from '@almagest/tar';
import { ArchiveTrouble } from '../limits/archive-trouble';
import { SourceError, type SourceErrorCode } from '@almagest/sources';
import { troubleOf, waitAfter } from './trouble';

describe('troubleOf', () => {
  it.each<SourceErrorCode>(['source.not-allowed', 'source.unusable'])('refuses at once for %s', (code) => {
    expect(troubleOf(new SourceError(code, ''))).toMatchObject({ fault: 'source', tries: 1 });
  });

  it.each<[SourceErrorCode, number, number]>([
    ['source.not-found', 3, 10],
    ['source.web-page', 3, 10],
    ['source.other-length', 3, 10],
    ['source.changed', 3, 10],
    ['source.unavailable', 8, 4930],
    ['source.not-resumable', 8, 4930],
  ])('bears %s for %d runs, in %d seconds', (code, tries, seconds) => {
    const trouble = troubleOf(new SourceError(code, ''));
    expect(trouble).toMatchObject({ fault: 'source', tries });
    const waits = Array.from({ length: tries - 1 }, (_, index) => waitAfter(trouble, index + 1));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(seconds);
  });

  it('bears a tree that changes while it is read for a while, and refuses one that cannot be packed', () => {
    const detail = { expected: 'a', found: 'b' };
    expect(troubleOf(new TarError('tar.tree-changed', { ...detail, retryable: true })).tries).toBe(3);
    expect(troubleOf(new TarError('tar.tree-unsupported', detail)).tries).toBe(1);
  });

  it.each<[string, unknown]>([
    ['a full store', new ObjectStoreError('object-store.full', '')],
    ['a broken disk', new ObjectStoreError('object-store.failed', '')],
    ['a store that refuses', new ObjectStoreError('object-store.denied', '')],
    ['a store that does not answer', new ObjectStoreError('object-store.unavailable', '')],
    ['an upload that was swept away', new ObjectStoreError('object-store.upload-not-found', '')],
    ['too little room', new ArchiveTrouble('archive.no-room', '')],
    ['too little memory', new ArchiveTrouble('archive.buffers-too-small', '')],
    ['a database that went away', new Error('terminating connection')],
  ])('never holds %s against the delivery, and looks again every five minutes at least', (_, error) => {
    const trouble = troubleOf(error);
    expect(trouble).toMatchObject({ fault: 'archive', tries: Infinity });
    expect(waitAfter(trouble, 1)).toBe(5);
    expect(waitAfter(trouble, 1000)).toBe(300);
  });

  it.each<ObjectStoreErrorCode>(['object-store.conflict', 'object-store.too-large', 'object-store.bad-key'])(
    'refuses what the store can never take: %s',
    (code) => expect(troubleOf(new ObjectStoreError(code, ''))).toMatchObject({ fault: 'source', tries: 1 }),
  );
});
