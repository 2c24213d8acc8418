const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Formats bytes with decimal units, as disks and downloads use them: `5580800` -> `5.6 MB`. */
export function humanSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power] ?? ''}`;
}

/** Formats milliseconds as `0.8 s`, `2 min 05 s` or `1 h 02 min`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${two(Math.round(seconds) % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Formats an ISO 8601 instant in UTC: `2014-12-05T08:50:00.000Z` -> `2014-12-05 08:50:00 UTC`. */
export function instant(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Formats a number with its noun: `count(1, 'part')` -> `1 part`, `count(2, 'part')` -> `2 parts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `['a', 'b', 'c']` -> `a, b, c`; a long list is cut after `most` items: `a, b and 5 more`. */
export function shortList(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
