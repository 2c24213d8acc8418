import { clip, padEnd, printable, textWidth } from '@almagest/text';

/** The JSON pointers at which a posted document differs from the recorded one, with the posted values. */
export function differencesView(differences: readonly string[], posted: unknown, width: number): string[] {
  const column = Math.max(0, ...differences.map((pointer) => textWidth(printable(pointer))));
  return differences.map((pointer) => {
    const value = valueAt(posted, pointer);
    const text = value === undefined ? 'not posted' : `posted now: ${JSON.stringify(value)}`;
    return clip(`  ${padEnd(printable(pointer || '/'), column)}  ${printable(text)}`, width);
  });
}

/** Returns the value at a JSON pointer (RFC 6901); undefined if there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
