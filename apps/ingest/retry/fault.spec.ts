import { ObjectStoreError, type ObjectStoreErrorCode } from '@almagest/object-store';
import { delayAfter } from '@almagest/retry';
import { SourceError, type SourceErrorCode } from '@almagest/sources';
import { TarError } from '@almagest/tar';
import { ArchiveLimitError } from '../ingest.error';
import { faultOf } from './fault';

describe('faultOf', () => {
  it.each<SourceErrorCode>(['source.not-allowed', 'source.unusable'])('rejects at once for %s', (code) => {
    expect(faultOf(new SourceError(code, ''))).toMatchObject({ of: 'source', retry: { maximumAttempts: 1 } });
  });

  it.each<[SourceErrorCode, number, number]>([
    ['source.not-found', 3, 10],
    ['source.web-page', 3, 10],
    ['source.other-length', 3, 10],
    ['source.changed', 3, 10],
    ['source.unavailable', 8, 4930],
    ['source.not-resumable', 8, 4930],
  ])('allows %s %d attempts within %d seconds', (code, attempts, seconds) => {
    const { of, retry } = faultOf(new SourceError(code, ''));
    expect([of, retry.maximumAttempts]).toEqual(['source', attempts]);
    const delays = Array.from({ length: attempts - 1 }, (_, index) => delayAfter(retry, index + 1) ?? Number.NaN);
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBe(seconds * 1000);
    expect(delayAfter(retry, attempts)).toBeNull();
  });

  it('retries a tree that changes while it is read, and rejects one that cannot be packed', () => {
    const detail = { expected: 'a', found: 'b' };
    expect(faultOf(new TarError('tar.tree-changed', { ...detail, retryable: true })).retry.maximumAttempts).toBe(3);
    expect(faultOf(new TarError('tar.tree-unsupported', detail)).retry.maximumAttempts).toBe(1);
  });

  it.each<[string, unknown]>([
    ['a full store', new ObjectStoreError('object-store.full', '')],
    ['a broken disk', new ObjectStoreError('object-store.failed', '')],
    ['a store that denies access', new ObjectStoreError('object-store.denied', '')],
    ['a store that does not answer', new ObjectStoreError('object-store.unavailable', '')],
    ['an upload that was swept away', new ObjectStoreError('object-store.upload-not-found', '')],
    ['too little space', new ArchiveLimitError('archive.no-room', '')],
    ['too little memory', new ArchiveLimitError('archive.buffers-too-small', '')],
    ['a lost database connection', new Error('terminating connection')],
  ])('never counts %s against the delivery, and retries every five minutes at least', (_, error) => {
    const { of, retry } = faultOf(error);
    expect([of, retry.maximumAttempts]).toEqual(['archive', Infinity]);
    expect(delayAfter(retry, 1)).toBe(5_000);
    expect(delayAfter(retry, 1000)).toBe(300_000);
  });

  it.each<ObjectStoreErrorCode>(['object-store.conflict', 'object-store.too-large', 'object-store.bad-key'])(
    'rejects what the store can never take: %s',
    (code) =>
      expect(faultOf(new ObjectStoreError(code, ''))).toMatchObject({ of: 'source', retry: { maximumAttempts: 1 } }),
  );
});
