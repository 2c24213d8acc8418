import type { ObjectInfo, ObjectStore } from '@almagest/object-store';

/** Requests to the store at the same time. */
const AT_A_TIME = 16;

/** The facts of each of these objects, null for those that are not there. */
export async function headAll(store: ObjectStore, keys: readonly string[]): Promise<(ObjectInfo | null)[]> {
  const infos: (ObjectInfo | null)[] = [];
  for (let at = 0; at < keys.length; at += AT_A_TIME) {
    infos.push(...(await Promise.all(keys.slice(at, at + AT_A_TIME).map((key) => store.head(key)))));
  }
  return infos;
}
