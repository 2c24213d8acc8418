import { ObjectStoreError } from '@almagest/object-store';
import { SourceError } from '@almagest/sources';
import { AsdmError, patienceWith, reasonOf } from './asdm.error';

describe('what a failed staging is borne for', () => {
  it.each([
    ['a bulk store that does not answer', new SourceError('source.unavailable', 'x'), 8],
    ['a file that is not there', new SourceError('source.not-found', 'x'), 3],
    ['a place that is not allowed', new SourceError('source.not-allowed', 'x'), 1],
    ['a full staging area', new AsdmError('raw.no-room', 'x'), 3],
    ['a full store', new ObjectStoreError('object-store.full', 'x'), 3],
    ['a wrong tree', new AsdmError('raw.wrong-tree', 'x'), 1],
  ])('%s', (_, error, tries) => {
    const patience = patienceWith(error);
    expect(patience?.tries).toBe(tries);
    expect(patience?.waits).toHaveLength(tries - 1);
  });

  it('is for ever where it is the service’s own trouble', () => {
    expect(patienceWith(new ObjectStoreError('object-store.unavailable', 'x'))).toBeNull();
    expect(patienceWith(new Error('the database is away'))).toBeNull();
  });

  it('tells the requester nothing of where things lie', () => {
    const error = new SourceError('source.not-found', 'ngas://ngas01.example.org:7777/secret does not exist');
    expect(JSON.stringify(reasonOf(error))).not.toContain('ngas');
  });

  it('tells the requester of a full store no more than that', () => {
    const error = new ObjectStoreError('object-store.full', '/srv/almagest/staging: ENOSPC');
    expect(reasonOf(error)).toMatchObject({ code: 'raw.no-room', message: 'the staging area is full' });
  });
});
