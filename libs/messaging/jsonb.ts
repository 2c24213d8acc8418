/**
 * The JSON text of a value as PostgreSQL's jsonb takes it: it holds neither NUL nor half a surrogate pair, which JSON
 * may; both become the replacement character.
 */
export function jsonbText(value: unknown): string {
  return JSON.stringify(value).replace(/\\(?:\\|u(0000|d[89a-f][0-9a-f]{2}))/g, (escape, unfit) =>
    unfit === undefined ? escape : '\\ufffd',
  );
}
