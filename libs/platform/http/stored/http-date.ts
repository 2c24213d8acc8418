const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

/** The three forms of RFC 9110 §5.6.7: IMF-fixdate, that of RFC 850, and that of C's asctime. */
const FORMS = [
  new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/** A time as an HTTP header holds it (IMF-fixdate); parts of a second are cut off. */
export function formatHttpDate(time: Date): string {
  return time.toUTCString();
}

/** Reads an HTTP-date in any of its three forms; null when it is none of them or no day of the calendar. */
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
  // A leap second is the first of the next minute here.
  if (date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return null;
  date.setUTCHours(hour, minute, second);
  return date;
}

/** Two digits that seem to lie more than 50 years ahead mean the last year that ended so (RFC 9110 §5.6.7). */
function fullYear(twoDigits: number, now: Date): number {
  const thisYear = now.getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
