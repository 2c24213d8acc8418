import { ObjectStoreError } from '../object-store.error';
import { fsError } from './file-system';

describe('fsError', () => {
  it.each([
    ['ENOSPC', 'object-store.full', 'store', true],
    ['EDQUOT', 'object-store.full', 'store', true],
    ['EIO', 'object-store.failed', 'store', true],
    ['ENOENT', 'object-store.failed', 'store', true],
    ['EMFILE', 'object-store.unavailable', 'passing', true],
    ['ESTALE', 'object-store.unavailable', 'passing', true],
    ['EACCES', 'object-store.denied', 'store', false],
    ['EROFS', 'object-store.denied', 'store', false],
    ['ENOTSUP', 'object-store.unusable', 'store', false],
    ['EISDIR', 'object-store.conflict', 'caller', false],
    ['ENAMETOOLONG', 'object-store.bad-key', 'caller', false],
  ])('translates %s to %s', (errno, code, fault, retryable) => {
    const cause = Object.assign(new Error(errno), { code: errno });
    expect(fsError(cause, 'storing a')).toMatchObject({
      code,
      fault,
      retryable,
      cause,
      message: `storing a failed: ${errno}`,
    });
  });

  it('returns an ObjectStoreError unchanged', () => {
    const error = new ObjectStoreError('object-store.conflict', 'taken');
    expect(fsError(error, 'storing a')).toBe(error);
  });
});
