/** Characters of a location, far more than any has. */
export const MAX_LOCATION_LENGTH = 2048;
/** Bytes of a name that file systems allow (Linux `NAME_MAX`, and as much elsewhere). */
const NAME_BYTES = 255;
/** Bytes of an S3 key (Amazon S3 API, "Naming objects"). */
const KEY_BYTES = 1024;

/**
 * Returns why a text is not the location of a file that an archive could read, whatever its configuration; null when it
 * is one: `file:///...`, `https://host/...`, `s3://bucket/key`, or `ngas://host:port/<file id>`.
 */
export function locationFault(text: string): string | null {
  if (text.length > MAX_LOCATION_LENGTH) return `a location has at most ${MAX_LOCATION_LENGTH} characters`;
  if (!/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return NO_LOCATION;
  const url = new URL(text);
  if (!hasRightShape(url)) return NO_LOCATION;
  // Only its server knows what the path of a web address means.
  return url.protocol === 'https:' ? null : pathFault(url);
}

const NO_LOCATION = 'expected a file:///, https://, s3:// or ngas:// location without user, password or fragment';

function hasRightShape({ protocol, host, pathname, search, username, password, hash }: URL): boolean {
  if (username || password || hash || pathname.length <= 1) return false;
  if (protocol === 'file:') return host === '' && search === '';
  if (protocol === 'https:') return host !== '';
  return (protocol === 's3:' || protocol === 'ngas:') && host !== '' && search === '';
}

function pathFault({ protocol, pathname }: URL): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname.slice(1));
  } catch {
    return 'the percent-encoding of the location is not that of a text in UTF-8';
  }
  if (path.includes('\0')) return 'the location contains the character NUL';
  const bytes = (name: string): number => new TextEncoder().encode(name).length;
  if (protocol === 's3:' && bytes(path) > KEY_BYTES) return `an S3 key has at most ${KEY_BYTES} bytes`;
  if (protocol !== 'file:') return null;
  if (/%2f/i.test(pathname)) return 'the path of a file must not contain an encoded slash (%2f)';
  const isTooLong = path.split('/').some((name) => bytes(name) > NAME_BYTES);
  return isTooLong ? `a name in the path of a file has at most ${NAME_BYTES} bytes` : null;
}
