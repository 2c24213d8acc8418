import { createHash } from 'node:crypto';
import { z } from 'zod';
import { pointer } from './violation';

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json | undefined };

/** Returns the SHA-256 of a document's content. The order of an object's fields does not matter. */
export function fingerprint(document: Json): string {
  return createHash('sha256').update(canonical(document)).digest('hex');
}

/** Where two documents differ, and the value of each; a value is absent when its document has none there. */
export const differingValueSchema = z.object({
  pointer: z.string(),
  recorded: z.unknown().optional(),
  posted: z.unknown().optional(),
});
export type DifferingValue = z.infer<typeof differingValueSchema>;

/** Returns where a posted document differs from the recorded one, at most `limit` places, with both values. */
export function differences(recorded: Json | undefined, posted: Json | undefined, limit = 50): DifferingValue[] {
  const found: DifferingValue[] = [];
  const walk = (a: Json | undefined, b: Json | undefined, path: PropertyKey[]): void => {
    if (found.length >= limit) return;
    if (isBranch(a) && isBranch(b) && Array.isArray(a) === Array.isArray(b)) {
      const [fieldsOfA, fieldsOfB] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
      for (const key of new Set([...fieldsOfA.keys(), ...fieldsOfB.keys()])) {
        walk(fieldsOfA.get(key), fieldsOfB.get(key), [...path, key]);
      }
    } else if (a !== b) {
      found.push({ pointer: pointer(path), recorded: a, posted: b });
    }
  };
  walk(recorded, posted, []);
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
