import { formatHttpDate, parseHttpDate } from './http-date';

const now = new Date('2026-11-23T00:00:00Z');

describe('parseHttpDate', () => {
  it.each([
    ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['RFC 850 format', 'Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['asctime format', 'Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['a two-digit year in the near future', 'Sunday, 06-Nov-76 08:49:37 GMT', '2076-11-06T08:49:37.000Z'],
    ['a two-digit year more than 50 years ahead', 'Sunday, 06-Nov-77 08:49:37 GMT', '1977-11-06T08:49:37.000Z'],
    ['a leap day', 'Thu, 29 Feb 2024 00:00:00 GMT', '2024-02-29T00:00:00.000Z'],
    ['a leap second', 'Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00.000Z'],
    ['a year of the first century', 'Sat, 01 Jan 0050 00:00:00 GMT', '0050-01-01T00:00:00.000Z'],
  ])('parses %s', (_what, text, expected) => {
    expect(parseHttpDate(text, now)?.toISOString()).toBe(expected);
  });

  it.each([
    ['an ISO date', '1994-11-06T08:49:37Z'],
    ['another time zone', 'Sun, 06 Nov 1994 08:49:37 +0100'],
    ['no time zone', 'Sun, 06 Nov 1994 08:49:37'],
    ['an impossible day', 'Thu, 30 Feb 2024 00:00:00 GMT'],
    ['day 0', 'Thu, 00 Jan 2024 00:00:00 GMT'],
    ['hour 24', 'Thu, 29 Feb 2024 24:00:00 GMT'],
    ['minute 60', 'Thu, 29 Feb 2024 00:60:00 GMT'],
    ['a month in lower case', 'Sun, 06 nov 1994 08:49:37 GMT'],
    ['trailing text', 'Sun, 06 Nov 1994 08:49:37 GMT '],
    ['an empty string', ''],
  ])('rejects %s', (_what, text) => {
    expect(parseHttpDate(text, now)).toBeNull();
  });

  it('parses what formatHttpDate writes, to the second', () => {
    const time = new Date('2026-11-23T06:07:08.999Z');
    expect(parseHttpDate(formatHttpDate(time))).toEqual(new Date('2026-11-23T06:07:08Z'));
  });
});
