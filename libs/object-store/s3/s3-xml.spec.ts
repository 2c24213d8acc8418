import { bareTag, decodeKey, parseS3 } from './s3-xml';

const page = (contents: string, fields = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${fields}${contents}</ListBucketResult>`;

describe('parseS3', () => {
  it('reads the fields and the records of a listing as text', () => {
    const answer = parseS3(
      page(
        '<Contents><Key>0012</Key><Size>7</Size><Owner><ID>me</ID></Owner></Contents><Contents><Key>1e3&amp;b</Key></Contents>',
        '<IsTruncated>true</IsTruncated><NextContinuationToken>007</NextContinuationToken>',
      ),
      'Contents',
    );
    expect(answer.root).toBe('ListBucketResult');
    expect(answer.fields).toMatchObject({ IsTruncated: 'true', NextContinuationToken: '007' });
    expect(answer.records).toEqual([{ Key: '0012', Size: '7', Owner: '' }, { Key: '1e3&b' }]);
  });

  it('reads a page without records', () => {
    expect(parseS3(page(''), 'Contents').records).toEqual([]);
  });

  it('decodes keys only where the server says that they are encoded', () => {
    const plain = parseS3(page('', '<EncodingType></EncodingType>'), 'Contents');
    const encoded = parseS3(page('', '<EncodingType>url</EncodingType>'), 'Contents');
    expect(decodeKey('a+b%2Fc', plain)).toBe('a+b%2Fc');
    expect(decodeKey('a%2Bb%2Fc+d', encoded)).toBe('a+b/c d');
    expect(decodeKey('100%', encoded)).toBe('100%');
  });

  it('removes the quotes of an etag', () => {
    expect(bareTag('"abc-2"')).toBe('abc-2');
    expect(bareTag('abc')).toBe('abc');
    expect(bareTag(undefined)).toBe('');
  });

  it.each(['', 'nonsense', '<html><br></html>', '{"error":"x"}', '<a>', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])(
    'refuses %j',
    (text) => {
      expect(() => parseS3(text, 'Contents')).toThrow('a response that is not XML');
    },
  );
});
