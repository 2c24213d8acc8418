import { type Conditions, evaluateConditions, ifRangeMatches } from './preconditions';

const etag = '"abc"';
const validators = { etag, lastModified: new Date('2026-11-23T06:00:00.789Z') };
const SAME = 'Mon, 23 Nov 2026 06:00:00 GMT';
const EARLIER = 'Mon, 23 Nov 2026 05:59:59 GMT';
const LATER = 'Mon, 23 Nov 2026 06:00:01 GMT';

describe('evaluateConditions', () => {
  it.each<[string, Conditions, string]>([
    ['no condition', {}, 'proceed'],
    // §13.1.1
    ['If-Match with the ETag', { 'if-match': etag }, 'proceed'],
    ['If-Match with the ETag in a list', { 'if-match': '"x", "abc" ,"y"' }, 'proceed'],
    ['If-Match: *', { 'if-match': '*' }, 'proceed'],
    ['If-Match with another ETag', { 'if-match': '"x"' }, 'failed'],
    ['If-Match with the weak form, because the comparison is strong', { 'if-match': 'W/"abc"' }, 'failed'],
    ['If-Match with a part of the ETag', { 'if-match': '"ab"' }, 'failed'],
    // §13.1.4
    ['If-Unmodified-Since with the same date', { 'if-unmodified-since': SAME }, 'proceed'],
    ['If-Unmodified-Since with an earlier date', { 'if-unmodified-since': EARLIER }, 'failed'],
    ['If-Unmodified-Since with an invalid date', { 'if-unmodified-since': 'yesterday' }, 'proceed'],
    [
      'If-Match, which takes precedence over If-Unmodified-Since',
      { 'if-match': etag, 'if-unmodified-since': EARLIER },
      'proceed',
    ],
    // §13.1.2
    ['If-None-Match with the ETag', { 'if-none-match': etag }, 'not-modified'],
    [
      'If-None-Match with the weak form, because the comparison is weak',
      { 'if-none-match': 'W/"abc"' },
      'not-modified',
    ],
    ['If-None-Match with the ETag in a list', { 'if-none-match': '"x,y",W/"abc"' }, 'not-modified'],
    ['If-None-Match: *', { 'if-none-match': '*' }, 'not-modified'],
    ['If-None-Match with another ETag', { 'if-none-match': '"x"' }, 'proceed'],
    ['If-None-Match with the ETag inside another', { 'if-none-match': '"x,abc"' }, 'proceed'],
    ['If-None-Match without quotes', { 'if-none-match': 'abc' }, 'proceed'],
    // §13.1.3
    ['If-Modified-Since with the same date', { 'if-modified-since': SAME }, 'not-modified'],
    ['If-Modified-Since with a later date', { 'if-modified-since': LATER }, 'not-modified'],
    ['If-Modified-Since with an earlier date', { 'if-modified-since': EARLIER }, 'proceed'],
    ['If-Modified-Since with an invalid date', { 'if-modified-since': '2026-11-23' }, 'proceed'],
    [
      'If-None-Match, which takes precedence over If-Modified-Since',
      { 'if-none-match': '"x"', 'if-modified-since': LATER },
      'proceed',
    ],
    // §13.2.2: conditions that fail a request come before those that save a transfer
    ['If-Match that fails before If-None-Match', { 'if-match': '"x"', 'if-none-match': etag }, 'failed'],
    ['If-Match that succeeds, then If-None-Match', { 'if-match': etag, 'if-none-match': etag }, 'not-modified'],
    ['If-Unmodified-Since, then If-None-Match', { 'if-unmodified-since': SAME, 'if-none-match': etag }, 'not-modified'],
  ])('%s', (_what, conditions, expected) => {
    expect(evaluateConditions(conditions, validators)).toBe(expected);
  });
});

describe('ifRangeMatches (§13.1.5)', () => {
  it.each<[string, string | undefined, boolean]>([
    ['no header', undefined, true],
    ['the ETag', etag, true],
    ['another ETag', '"x"', false],
    ['the weak form, because the comparison is strong', 'W/"abc"', false],
    ['the date', SAME, true],
    ['the date in RFC 850 format', 'Monday, 23-Nov-26 06:00:00 GMT', true],
    ['an earlier date', EARLIER, false],
    ['a later date, because it must be the same', LATER, false],
    ['text that is neither', 'abc', false],
    ['a list, which is not allowed', '"abc", "x"', false],
  ])('%s', (_what, header, expected) => {
    expect(ifRangeMatches(header, validators)).toBe(expected);
  });
});
