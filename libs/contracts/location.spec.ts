import { locationFault } from './location';

describe('locationFault', () => {
  it.each([
    'file:///data/qa2/2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar',
    'file:///data/a+b%41&c=d%20e.tar',
    'file:///data/caf%C3%A9.tar',
    'https://pipeline.example.org:8443/part.tar?session=%zz',
    's3://bucket/a/b%20c.tar',
    'ngas://ngas01.example.org:7777/uid%3A%2F%2FA002/X1',
  ])('accepts %s', (location) => {
    expect(locationFault(location)).toBeNull();
  });

  it.each([
    ['an invalid percent-encoding', 's3://bucket/%zz', 'percent-encoding'],
    ['bytes that are not UTF-8', 's3://bucket/%ff', 'percent-encoding'],
    ['an invalid file id', 'ngas://host:7777/%zz', 'percent-encoding'],
    ['an invalid path', 'file:///data/%zz', 'percent-encoding'],
    ['NUL in a path', 'file:///data/a%00b', 'NUL'],
    ['NUL in a key', 's3://bucket/a%00b', 'NUL'],
    ['NUL in a file id', 'ngas://host:7777/a%00b', 'NUL'],
    ['an encoded slash in a path', 'file:///data/a%2Fb', '%2f'],
    ['a name longer than a file system allows', `file:///data/${'a'.repeat(256)}`, '255 bytes'],
    ['a name of many bytes in few characters', `file:///data/${encodeURIComponent('é'.repeat(128))}`, '255 bytes'],
    ['a key longer than S3 allows', `s3://bucket/${'a'.repeat(1025)}`, '1024 bytes'],
    ['a query that S3 would ignore', 's3://bucket/key?versionId=1', 'location'],
    ['a query of a file', 'file:///data/a?b', 'location'],
    ['a host of a file', 'file://host/data/a', 'location'],
    ['another protocol', 'ftp://host/a', 'location'],
    ['plain http', 'http://host/a', 'location'],
    ['a password', 'https://me:secret@host/a', 'location'],
    ['a fragment', 'https://host/a#b', 'location'],
    ['a directory of nothing', 'https://host/', 'location'],
    ['a blank', 'file:///data/a b', 'location'],
    ['text', 'part.tar', 'location'],
  ])('refuses %s', (_, location, fault) => {
    expect(locationFault(location)).toContain(fault);
  });
});
