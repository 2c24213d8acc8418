import { createHash } from 'node:crypto';
import { pointer } from './violation';

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json | undefined };

/** Returns the SHA-256 of a document's content. The order of an object's fields does not matter. */
export function fingerprint(document: Json): string {
  return createHash('sha256').update(canonical(document)).digest('hex');
}

/** Returns the JSON pointers at which two documents differ, at most `limit` of them. */
export function differences(left: Json | undefined, right: Json | undefined, limit = 50): string[] {
  const found: string[] = [];
  const walk = (a: Json | undefined, b: Json | undefined, path: PropertyKey[]): void => {
    if (found.length >= limit) return;
    if (isBranch(a) && isBranch(b) && Array.isArray(a) === Array.isArray(b)) {
      const [fieldsOfA, fieldsOfB] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
      for (const key of new Set([...fieldsOfA.keys(), ...fieldsOfB.keys()])) {
        walk(fieldsOfA.get(key), fieldsOfB.get(key), [...path, key]);
      }
    } else if (a !== b) {
      found.push(pointer(path));
    }
  };
  walk(left, right, []);
  return found;
}

function isBranch(value: Json | undefined): value is Json[] | { [name: string]: Json | undefined } {
  return typeof value === 'object' && value !== null;
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isBranch(value)) return JSON.stringify(value);
  const fields = Object.entries(value)
    .flatMap(([name, field]) => (field === undefined ? [] : [[name, field] as const]))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
