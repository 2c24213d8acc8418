import { ObjectStoreError } from '@almagest/object-store';
import { delayAfter } from '@almagest/retry';
import { SourceError } from '@almagest/sources';
import { AsdmError, reasonOf, retryOf } from './asdm.error';

describe('retryOf', () => {
  it.each([
    ['a bulk store that does not answer', new SourceError('source.unavailable', 'x'), 8],
    ['a file that is not there', new SourceError('source.not-found', 'x'), 3],
    ['a place that is not allowed', new SourceError('source.not-allowed', 'x'), 1],
    ['a full staging area', new AsdmError('raw.no-room', 'x'), 3],
    ['a full store', new ObjectStoreError('object-store.full', 'x'), 3],
    ['a wrong tree', new AsdmError('raw.wrong-tree', 'x'), 1],
  ])('allows %s so many attempts', (_, error, attempts) => {
    const retry = retryOf(error);
    expect(retry?.maximumAttempts).toBe(attempts);
    expect(retry && delayAfter(retry, attempts)).toBeNull();
  });

  it('limits no retries of a fault of the service itself', () => {
    expect(retryOf(new ObjectStoreError('object-store.unavailable', 'x'))).toBeNull();
    expect(retryOf(new Error('the database is away'))).toBeNull();
  });
});

describe('reasonOf', () => {
  it('does not disclose locations in the bulk store to the requester', () => {
    const error = new SourceError('source.not-found', 'ngas://ngas01.example.org:7777/secret does not exist');
    expect(JSON.stringify(reasonOf(error))).not.toContain('ngas');
  });

  it('says of a full store no more than that it is full', () => {
    const error = new ObjectStoreError('object-store.full', '/srv/almagest/staging: ENOSPC');
    expect(reasonOf(error)).toMatchObject({ code: 'raw.no-room', message: 'the staging area is full' });
  });
});
