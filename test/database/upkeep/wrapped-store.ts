import type { ObjectStore } from '@almagest/object-store';

/** A real store of which some calls are watched, delayed or failed: for faults and for interleavings. */
export function wrapped(store: ObjectStore, change: Partial<ObjectStore>): ObjectStore {
  return new Proxy(store, {
    get(target, name: keyof ObjectStore) {
      const changed = change[name];
      if (changed !== undefined) return changed;
      return (...values: unknown[]) => (target[name] as (...given: unknown[]) => unknown).call(target, ...values);
    },
  });
}
