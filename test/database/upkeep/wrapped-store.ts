import type { ObjectStore } from '@almagest/object-store';

/** Wraps a real store and replaces some of its methods, to inject faults or control the order of events. */
export function wrapped(store: ObjectStore, change: Partial<ObjectStore>): ObjectStore {
  return new Proxy(store, {
    get(target, name: keyof ObjectStore) {
      const changed = change[name];
      if (changed !== undefined) return changed;
      return (...values: unknown[]) => (target[name] as (...given: unknown[]) => unknown).call(target, ...values);
    },
  });
}
