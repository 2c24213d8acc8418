import { printable, shortList } from '@almagest/text';

const MAX_LENGTH = 300;

/** Text from a delivery, safe to show on a terminal, in a mail or in a log, cut at 300 characters. */
export function excerpt(text: string): string {
  return printable(text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text);
}

/** `['a', 'b', 'c']` -> `a, b, c`; a long list is cut after `most` items: `a, b and 5 more`. */
export function listed(names: Iterable<string>, most = 6): string {
  return shortList([...names].map(excerpt), most);
}

/** Returns the data with every text made printable and cut at 300 characters, and every list cut to `most` items. */
export function printableData<T>(data: T, most: number): T {
  return shown(data, most) as T;
}

function shown(data: unknown, most: number): unknown {
  if (typeof data === 'string') return excerpt(data);
  if (Array.isArray(data)) return data.slice(0, most).map((item) => shown(item, most));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, shown(value, most)]));
}
