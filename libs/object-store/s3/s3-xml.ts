import { SaxesParser } from 'saxes';
import { ObjectStoreError } from '../object-store.error';

/** An answer of S3: the leaves directly below its root, and those of each record. */
export interface S3Document {
  /** The name of its root, such as `ListBucketResult`, or `Error` (also with status 200). */
  readonly root: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly records: readonly Readonly<Record<string, string>>[];
}

/**
 * Reads an answer of S3 as text throughout. (The client's own parser takes a key such as `0012` for a number, and turns
 * a `+` into a blank where the server has not encoded it.)
 * @throws ObjectStoreError `object-store.failed` when it is no XML, such as a proxy's page
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
    throw new ObjectStoreError('object-store.failed', 'the store sent an answer that is not XML', { cause: error });
  }
  return { root, fields, records };
}

/** A key as the server meant it: encoded for URLs if it says so (`encoding-type=url`), else as it stands. */
export function decodeKey(key: string, { fields }: S3Document): string {
  if (fields['EncodingType'] !== 'url') return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** The etag without its quotes. */
export function bareTag(etag: string | undefined): string {
  return (etag ?? '').replace(/^"|"$/g, '');
}
