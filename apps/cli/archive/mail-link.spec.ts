import { readMailLink } from './mail-link';

const DELIVERY = '5f0c1234-1111-4222-8333-444455556666';

describe('a link of a mail', () => {
  it.each([
    [
      'of a delivery',
      `https://archive.example.org/deliveries/${DELIVERY}?link=L.a_-.b.k1`,
      'https://archive.example.org',
    ],
    ['of a part', `http://127.0.0.1:8080/deliveries/${DELIVERY}/parts/a.tar?link=L.a_-.b.k1`, 'http://127.0.0.1:8080'],
    ['below a path', `https://eso.org/almagest/deliveries/${DELIVERY}?link=L.a_-.b.k1`, 'https://eso.org/almagest'],
  ])('%s names archive, delivery and right', (_, text, server) => {
    expect(readMailLink(text)).toEqual({ text, server, delivery: DELIVERY, token: 'L.a_-.b.k1' });
  });

  it('of raw data names the archive and the right', () => {
    const text = `https://a/raw-requests/${DELIVERY}/download.sh?link=L.a.b.k1`;
    expect(readMailLink(text)).toEqual({ text, server: 'https://a', delivery: null, token: 'L.a.b.k1' });
  });

  it.each([
    ['no URL', 'L.a.b.k1'],
    ['no link', `https://a/deliveries/${DELIVERY}`],
    ['no delivery', 'https://a/projects/2013.1.00001.S?link=L.a.b.k1'],
    ['half a delivery', 'https://a/deliveries/5f0c1234?link=L.a.b.k1'],
    ['another protocol', `file:///deliveries/${DELIVERY}?link=L.a.b.k1`],
    ['a user', `https://me@a/deliveries/${DELIVERY}?link=L.a.b.k1`],
    ['what cannot stand in a header', `https://a/deliveries/${DELIVERY}?link=L%0Aa`],
  ])('is not one with %s', (_, text) => {
    expect(readMailLink(text)).toBeNull();
  });
});
