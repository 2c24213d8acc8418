const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

/** The three formats of RFC 9110 §5.6.7: IMF-fixdate, RFC 850 and C's asctime. */
const FORMS = [
  new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/** Formats a time for an HTTP header (IMF-fixdate), without fractions of a second. */
export function formatHttpDate(time: Date): string {
  return time.toUTCString();
}

/** Parses an HTTP-date in any of its three formats; returns null for other text or an impossible date. */
export function parseHttpDate(text: string, now = new Date()): Date | null {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return dateOf(groups, now);
  }
  return null;
}

function dateOf(groups: Record<string, string>, now: Date): Date | null {
  const number = (name: string): number => Number(groups[name]);
  const month = MONTHS.indexOf(groups['month'] ?? '');
  const [day, hour, minute, second] = [number('day'), number('hour'), number('minute'), number('second')];
  const year = groups['year']?.length === 2 ? fullYear(number('year'), now) : number('year');
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  // A leap second becomes the first second of the next minute.
  if (date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return null;
  date.setUTCHours(hour, minute, second);
  return date;
}

/** A two-digit year more than 50 years in the future means the last year with these digits (RFC 9110 §5.6.7). */
function fullYear(twoDigits: number, now: Date): number {
  const thisYear = now.getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
