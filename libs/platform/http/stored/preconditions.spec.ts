import { type Conditions, ifRangeHolds, weigh } from './preconditions';

const etag = '"abc"';
const validators = { etag, lastModified: new Date('2026-11-23T06:00:00.789Z') };
const SAME = 'Mon, 23 Nov 2026 06:00:00 GMT';
const EARLIER = 'Mon, 23 Nov 2026 05:59:59 GMT';
const LATER = 'Mon, 23 Nov 2026 06:00:01 GMT';

describe('weigh', () => {
  it.each<[string, Conditions, string]>([
    ['nothing', {}, 'proceed'],
    // §13.1.1
    ['If-Match with the ETag', { 'if-match': etag }, 'proceed'],
    ['If-Match with it among others', { 'if-match': '"x", "abc" ,"y"' }, 'proceed'],
    ['If-Match: *', { 'if-match': '*' }, 'proceed'],
    ['If-Match with another', { 'if-match': '"x"' }, 'failed'],
    ['If-Match with the weak form, for it compares strongly', { 'if-match': 'W/"abc"' }, 'failed'],
    ['If-Match with part of it', { 'if-match': '"ab"' }, 'failed'],
    // §13.1.4
    ['If-Unmodified-Since its date', { 'if-unmodified-since': SAME }, 'proceed'],
    ['If-Unmodified-Since before it', { 'if-unmodified-since': EARLIER }, 'failed'],
    ['If-Unmodified-Since that is no date', { 'if-unmodified-since': 'yesterday' }, 'proceed'],
    ['If-Match before If-Unmodified-Since', { 'if-match': etag, 'if-unmodified-since': EARLIER }, 'proceed'],
    // §13.1.2
    ['If-None-Match with the ETag', { 'if-none-match': etag }, 'not-modified'],
    ['If-None-Match with the weak form, for it compares weakly', { 'if-none-match': 'W/"abc"' }, 'not-modified'],
    ['If-None-Match with it among others', { 'if-none-match': '"x,y",W/"abc"' }, 'not-modified'],
    ['If-None-Match: *', { 'if-none-match': '*' }, 'not-modified'],
    ['If-None-Match with another', { 'if-none-match': '"x"' }, 'proceed'],
    ['If-None-Match with it inside another', { 'if-none-match': '"x,abc"' }, 'proceed'],
    ['If-None-Match without quotes', { 'if-none-match': 'abc' }, 'proceed'],
    // §13.1.3
    ['If-Modified-Since its date', { 'if-modified-since': SAME }, 'not-modified'],
    ['If-Modified-Since after it', { 'if-modified-since': LATER }, 'not-modified'],
    ['If-Modified-Since before it', { 'if-modified-since': EARLIER }, 'proceed'],
    ['If-Modified-Since that is no date', { 'if-modified-since': '2026-11-23' }, 'proceed'],
    ['If-None-Match before If-Modified-Since', { 'if-none-match': '"x"', 'if-modified-since': LATER }, 'proceed'],
    // §13.2.2: what guards goes before what saves
    ['If-Match that fails before If-None-Match', { 'if-match': '"x"', 'if-none-match': etag }, 'failed'],
    ['If-Match that holds, then If-None-Match', { 'if-match': etag, 'if-none-match': etag }, 'not-modified'],
    ['If-Unmodified-Since, then If-None-Match', { 'if-unmodified-since': SAME, 'if-none-match': etag }, 'not-modified'],
  ])('%s', (_what, conditions, expected) => {
    expect(weigh(conditions, validators)).toBe(expected);
  });
});

describe('ifRangeHolds (§13.1.5)', () => {
  it.each<[string, string | undefined, boolean]>([
    ['no header', undefined, true],
    ['the ETag', etag, true],
    ['another ETag', '"x"', false],
    ['the weak form, which is never strong enough', 'W/"abc"', false],
    ['the date', SAME, true],
    ['the date in the form of RFC 850', 'Monday, 23-Nov-26 06:00:00 GMT', true],
    ['an earlier date', EARLIER, false],
    ['a later date, for it must be the very one', LATER, false],
    ['what is neither', 'abc', false],
    ['a list, which it may not be', '"abc", "x"', false],
  ])('%s', (_what, header, expected) => {
    expect(ifRangeHolds(header, validators)).toBe(expected);
  });
});
