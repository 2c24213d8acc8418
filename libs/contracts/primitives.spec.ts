import { daySchema, instantSchema, mailAddressSchema } from './primitives';

describe('instantSchema', () => {
  it.each([
    ['2014-12-05T08:50:00Z', '2014-12-05T08:50:00Z'],
    ['2014-12-05t08:50:00.5z', '2014-12-05T08:50:00.5Z'],
    ['2014-12-05T08:50:00+01:00', '2014-12-05T08:50:00+01:00'],
    // The leap second of 2016, in UTC and in Chile.
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T20:59:60-03:00', '2017-01-01T00:00:00.000Z'],
  ])('accepts %s', (text, plain) => {
    expect(instantSchema.parse(text)).toBe(plain);
  });

  it.each([
    '2014-12-05',
    '2014-12-05T08:50:00',
    '2014-13-05T08:50:00Z',
    '2014-12-05T08:50:60Z',
    '2016-12-30T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '2014-12-05 08:50:00Z',
  ])('refuses %s', (text) => {
    expect(instantSchema.safeParse(text).success).toBe(false);
  });
});

describe('daySchema', () => {
  it.each(['2015-12-05', '2016-02-29', '0001-01-01', '9999-12-31'])('accepts %s', (day) => {
    expect(daySchema.parse(day)).toBe(day);
  });

  it.each(['0000-01-01', '2015-02-29', '10000-01-01', '2015-12-05T00:00:00Z'])('refuses %s', (day) => {
    expect(daySchema.safeParse(day).success).toBe(false);
  });
});

describe('mailAddressSchema', () => {
  it.each([
    'hleavitt@example.org',
    'a&b@example.org',
    'o/doe@example.org',
    'x=y@example.org',
    'jo#e@example.org',
    "d.o'neill+alma@example.org",
    'J.Doe@example.org',
    'user@b\u00fccher.example',
    'user@xn--bcher-kva.example',
    'j\u00fcrgen@example.org',
  ])('accepts %s as it is', (address) => {
    expect(mailAddressSchema.parse(address)).toBe(address);
  });

  it('keeps the case of the local part, not that of the domain', () => {
    expect(mailAddressSchema.parse('J.Doe@Example.ORG')).toBe('J.Doe@example.org');
  });

  it.each([
    'jane',
    '@example.org',
    'jane@',
    'jane@localhost',
    'jane@[127.0.0.1]',
    'jane@127.0.0.1',
    '.jane@example.org',
    'ja..ne@example.org',
    'ja ne@example.org',
    'jane@exa mple.org',
    'jane@-example.org',
    'jane@example.org\r\nBcc: eve@example.org',
    'jane\r\n@example.org',
    'jane@example.org, eve@example.org',
    '<jane@example.org>',
    '"jane"@example.org',
    'ja\u202ene@example.org',
    'ja\u2028ne@example.org',
    `${'j'.repeat(65)}@example.org`,
    `jane@${'e'.repeat(64)}.org`,
    `jane@${'example.'.repeat(40)}org`,
  ])('refuses %j', (address) => {
    expect(mailAddressSchema.safeParse(address).success).toBe(false);
  });
});
