const LONGEST = 300;

/**
 * Text from a delivery, safe to show on a terminal, in a mail or in a log: control characters and lone surrogates are
 * escaped as `\x0a` and `\ud800`, bidirectional overrides too, and what is longer than 300 characters is cut.
 */
export function printable(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return cut.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, escape);
}

function escape(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** `['a', 'b', 'c']` -> `a, b, c`; of a long list the first few and how many more there are. */
export function listed(names: Iterable<string>, most = 6): string {
  const all = [...names].map(printable);
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

/** Plain data with every text in it made printable, and every list in it cut to `most` items. */
export function printableData<T>(data: T, most: number): T {
  return shown(data, most) as T;
}

function shown(data: unknown, most: number): unknown {
  if (typeof data === 'string') return printable(data);
  if (Array.isArray(data)) return data.slice(0, most).map((item) => shown(item, most));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, shown(value, most)]));
}
