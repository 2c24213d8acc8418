import { type ObjectStore, ObjectStoreError } from '@almagest/object-store';

/**
 * Tells one lost object from a store that is not there: a directory that is not mounted answers as an empty one.
 * @throws ObjectStoreError `object-store.unavailable` when the store lists nothing at all
 */
export async function mustHoldSomething(store: ObjectStore): Promise<void> {
  for await (const _object of store.list('')) return;
  throw new ObjectStoreError('object-store.unavailable', 'the store lists no object at all: is it mounted?');
}
