/** More columns than any table has: a line of commas is not to fill the memory. */
const MOST_FIELDS = 256;

/**
 * Splits one line of comma-separated values; a field in double quotes may hold commas, and `""` for a quote (RFC 4180).
 * Null when a quote is never closed or stands in the middle of a field, or when there are more than 256 fields.
 */
export function splitCsvLine(line: string): string[] | null {
  const fields: string[] = [];
  for (let at = 0; at <= line.length; at++) {
    const quoted = line[at] === '"';
    const end = quoted ? closingQuote(line, at + 1) : endOfField(line, at);
    if (end < 0 || fields.length >= MOST_FIELDS) return null;
    const after = quoted ? end + 1 : end;
    if (after < line.length && line[after] !== ',') return null;
    fields.push(quoted ? line.slice(at + 1, end).replaceAll('""', '"') : line.slice(at, end));
    at = after;
  }
  return fields;
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at;
  }
  return -1;
}

function endOfField(line: string, from: number): number {
  const comma = line.indexOf(',', from);
  return comma < 0 ? line.length : comma;
}
