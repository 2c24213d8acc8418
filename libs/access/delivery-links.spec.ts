import { randomUUID } from 'node:crypto';
import { type DeliveryLink, DeliveryLinks } from './delivery-links';

const FIRST = `k1 ${'a'.repeat(32)}`;
const SECOND = `k2 ${'b'.repeat(32)}`;

describe('DeliveryLinks', () => {
  const links = DeliveryLinks.parse(`# id key\n${FIRST}\n`, 'keys');
  const link: DeliveryLink = { id: randomUUID(), delivery: randomUUID(), expires: new Date('2027-01-01T00:00:00Z') };

  it('reads what it signed, expired or not', () => {
    expect(links.read(links.sign(link))).toEqual(link);
    const old = { ...link, expires: new Date('2001-01-01T00:00:00Z') };
    expect(links.read(links.sign(old))).toEqual(old);
  });

  it('makes a token that needs no escaping in a URL and that mail programs do not cut short', () => {
    const token = links.sign(link);
    expect(encodeURIComponent(token)).toBe(token);
    expect(token).toMatch(/^L\.[\w.-]{90,110}[a-z0-9]$/);
  });

  it('rejects a token with any character changed', () => {
    const token = links.sign(link);
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'A' ? 'B' : 'A';
      expect(links.read(token.slice(0, i) + other + token.slice(i + 1))).toBeNull();
    }
    for (const text of ['', 'L', 'L...', token.slice(1), `${token}x`, `${token}.k1`])
      expect(links.read(text)).toBeNull();
  });

  it('has one spelling: the two unused bits of the last character are zero', () => {
    const [letter, payload = '', mac = '', key = ''] = links.sign(link).split('.');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const read = [...alphabet].filter((last) => links.read([letter, payload, mac.slice(0, -1) + last, key].join('.')));
    expect(read).toEqual([mac.slice(-1)]);
  });

  it('rejects a token of another archive', () => {
    expect(DeliveryLinks.parse(`k1 ${'c'.repeat(32)}`, 'keys').read(links.sign(link))).toBeNull();
  });

  it('signs with a new key, and accepts links of the old key until it is removed', () => {
    const token = links.sign(link);
    const turned = DeliveryLinks.parse(`${SECOND}\n${FIRST}\n`, 'keys');
    expect(turned.read(token)).toEqual(link);
    expect(turned.sign(link)).toMatch(/\.k2$/);
    const over = DeliveryLinks.parse(SECOND, 'keys');
    expect(over.read(token)).toBeNull();
    expect(over.read(turned.sign(link))).toEqual(link);
  });

  it.each([
    ['no key', '# nothing\n', 'keys contains no key'],
    ['a short key', `k1 ${'a'.repeat(31)}`, 'keys, line 1'],
    ['an upper-case id', `K1 ${'a'.repeat(32)}`, 'keys, line 1'],
    ['a duplicate id', `${FIRST}\n${FIRST}`, 'keys, line 2'],
    ['text after the key', `${FIRST} x`, 'keys, line 1'],
  ])('refuses a file with %s', (_, text, message) => {
    expect(() => DeliveryLinks.parse(text, 'keys')).toThrow(message);
  });
});
