import { SaxesParser } from 'saxes';
import { ObjectStoreError } from '../object-store.error';

/** A response of S3: the elements directly below its root, and those of each record. */
export interface S3Document {
  /** The name of the root element, such as `ListBucketResult`, or `Error` (also with status 200). */
  readonly root: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly records: readonly Readonly<Record<string, string>>[];
}

/**
 * Parses a response of S3. All values are text. (The client's own parser reads a key such as `0012` as a number, and
 * turns a `+` into a blank where the server has not encoded it.)
 * @throws ObjectStoreError `object-store.failed` when it is not XML, such as a proxy's page
 */
export function parseS3(xml: string, recordName: string): S3Document {
  const path: string[] = [];
  const fields: Record<string, string> = {};
  const records: Record<string, string>[] = [];
  let root = '';
  let text = '';
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    if (path.length === 0) root = name;
    if (path.length === 1 && name === recordName) records.push({});
    path.push(name);
    text = '';
  });
  parser.on('text', (piece) => (text += piece));
  parser.on('closetag', ({ name }) => {
    if (path.length === 2) fields[name] = text;
    if (path.length === 3 && path[1] === recordName) Object.assign(records.at(-1) ?? {}, { [name]: text });
    path.pop();
    text = '';
  });
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(xml).close();
  } catch (error) {
    throw new ObjectStoreError('object-store.failed', 'the store sent a response that is not XML', { cause: error });
  }
  return { root, fields, records };
}

/** Decodes a key if the response says that it is URL-encoded (`encoding-type=url`). */
export function decodeKey(key: string, { fields }: S3Document): string {
  if (fields['EncodingType'] !== 'url') return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** Returns the etag without its quotes. */
export function bareTag(etag: string | undefined): string {
  return (etag ?? '').replace(/^"|"$/g, '');
}
