import type http from 'node:http';
import type { Client } from 'minio';
import { ObjectStoreError } from '../object-store.error';
import type { UploadedChunk } from '../object-store.port';
import { S3ResponseError } from './s3-error';
import { type S3Document, bareTag, decodeKey, parseS3 } from './s3-xml';

/** The checksum that chunks are sent with. */
const ALGORITHM = 'CRC32';
/** A page of 1,000 keys of 1,024 bytes is far below. */
const MAX_BODY = 16 * 1024 * 1024;

/** An object in a listing; its key may be none of ours. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
  readonly etag: string;
}

export interface ListedUpload extends BegunUpload {
  readonly key: string;
  readonly startedAt: Date;
}

export interface BegunUpload {
  readonly id: string;
  /** Whether the server compares a CRC-32 with each chunk: an older one passes over the wish without a word. */
  readonly checksSums: boolean;
}

/** A page of a listing, and what to ask for the next one with; undefined after the last. */
export interface Page<T, Next> {
  readonly items: readonly T[];
  readonly next: Next | undefined;
}

/** The requests whose answers the client reads wrongly, or which it cannot make: signed by it, read here. */
export class S3Requests {
  constructor(
    private readonly client: Client,
    /** The same, but that it leaves bodies out of the signature. */
    private readonly unsigning: Client,
    private readonly bucket: string,
  ) {}

  async begin(key: string): Promise<BegunUpload> {
    const headers = { 'x-amz-checksum-algorithm': ALGORITHM };
    const request = { method: 'POST', bucketName: this.bucket, objectName: key, query: 'uploads=', headers };
    const response = await this.client.makeRequestAsync(request);
    const answer = readAnswer(await textOf(response), 'InitiateMultipartUploadResult', '');
    const checksSums = response.headers['x-amz-checksum-algorithm'] === ALGORITHM;
    return { id: answer.fields['UploadId'] ?? '', checksSums };
  }

  async objects(prefix: string, token?: string): Promise<Page<ListedObject, string>> {
    const query = { 'list-type': '2', 'encoding-type': 'url', 'continuation-token': token, prefix };
    const answer = await this.ask('ListBucketResult', 'Contents', { method: 'GET', query });
    const items = answer.records.map((record) => ({
      key: decodeKey(record['Key'] ?? '', answer),
      size: Number(record['Size']),
      modifiedAt: new Date(record['LastModified'] ?? ''),
      etag: bareTag(record['ETag']),
    }));
    return { items, next: nextPage(answer, answer.fields['NextContinuationToken'], token) };
  }

  /**
   * Not every server can go on behind an upload; some only behind a key (versitygw 1.8.0). There the further uploads of
   * that one key are left out, until the listed ones have been swept.
   */
  async uploads(prefix: string, after?: ListedUpload): Promise<Page<ListedUpload, ListedUpload>> {
    try {
      return await this.uploadsAfter(prefix, after, after?.id);
    } catch (error) {
      if (after === undefined || !(error instanceof S3ResponseError && error.code === 'InvalidArgument')) throw error;
      return this.uploadsAfter(prefix, after, undefined);
    }
  }

  async parts(key: string, id: string, after?: number): Promise<Page<UploadedChunk, number>> {
    const query = { uploadId: id, 'part-number-marker': after?.toString() };
    const answer = await this.ask('ListPartsResult', 'Part', { method: 'GET', query, objectName: key });
    const items = answer.records.map((record) => ({
      number: Number(record['PartNumber']),
      size: Number(record['Size']),
      etag: writeTag(bareTag(record['ETag']), record['ChecksumCRC32']),
    }));
    const next = nextPage(answer, items.at(-1)?.number.toString(), after?.toString());
    return { items, next: next === undefined ? undefined : Number(next) };
  }

  /**
   * Sends a chunk; gives its etag.
   * @param sum its CRC-32, hexadecimal, for a server that compares it (docs/adr/0010); null for one that does not, which
   *   gets the chunk's SHA-256 in the signature instead, where no TLS protects it
   */
  async sendChunk(key: string, id: string, number: number, bytes: Buffer, sum: string | null): Promise<string> {
    const query = `partNumber=${number}&uploadId=${escapeQuery(id)}`;
    const checksum = sum === null ? undefined : Buffer.from(sum, 'hex').toString('base64');
    const headers = checksum === undefined ? {} : { 'x-amz-checksum-crc32': checksum };
    const request = { method: 'PUT', bucketName: this.bucket, objectName: key, query, headers };
    const response = await (checksum === undefined ? this.client : this.unsigning).makeRequestAsync(request, bytes);
    await textOf(response);
    return writeTag(bareTag(response.headers.etag), checksum);
  }

  /** Completes an upload; with `onlyNew` the server refuses (412) when the key is taken meanwhile. */
  async complete(key: string, id: string, chunks: readonly UploadedChunk[], onlyNew: boolean): Promise<void> {
    const parts = chunks.map(({ number, etag }) => {
      const { md5, checksum } = readTag(etag);
      const sum = checksum === undefined ? '' : `<ChecksumCRC32>${escapeXml(checksum)}</ChecksumCRC32>`;
      return `<Part><PartNumber>${number}</PartNumber><ETag>"${escapeXml(md5)}"</ETag>${sum}</Part>`;
    });
    const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
    const headers = { 'content-type': 'application/xml', ...(onlyNew && { 'if-none-match': '*' }) };
    const request = { method: 'POST', query: { uploadId: id }, objectName: key, headers };
    await this.ask('CompleteMultipartUploadResult', 'Part', request, body);
  }

  private async uploadsAfter(
    prefix: string,
    after: ListedUpload | undefined,
    idMarker: string | undefined,
  ): Promise<Page<ListedUpload, ListedUpload>> {
    const marker = { 'key-marker': after?.key, 'upload-id-marker': idMarker };
    const query = { uploads: '', 'encoding-type': 'url', prefix, ...marker };
    const answer = await this.ask('ListMultipartUploadsResult', 'Upload', { method: 'GET', query });
    const items = answer.records.map((record) => ({
      key: decodeKey(record['Key'] ?? '', answer),
      id: record['UploadId'] ?? '',
      startedAt: new Date(record['Initiated'] ?? ''),
      checksSums: record['ChecksumAlgorithm'] === ALGORITHM,
    }));
    const last = items.at(-1);
    const next = nextPage(answer, last?.id, after?.id);
    return { items, next: next === undefined ? undefined : last };
  }

  private async ask(
    root: string,
    recordName: string,
    request: {
      method: string;
      query: Record<string, string | undefined>;
      objectName?: string;
      headers?: Record<string, string>;
    },
    body = '',
  ): Promise<S3Document> {
    const query = Object.entries(request.query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${escapeQuery(value)}`],
    );
    const options = { ...request, bucketName: this.bucket, query: query.join('&') };
    return readAnswer(await textOf(await this.client.makeRequestAsync(options, body)), root, recordName);
  }
}

/** What a chunk's etag is: the server's, which is its MD5, and behind it the checksum that completing asks for again. */
function writeTag(md5: string, checksum: string | undefined): string {
  return checksum === undefined || checksum === '' ? md5 : `${md5} ${checksum}`;
}

/** The parts of such an etag. */
export function readTag(etag: string): { md5: string; checksum: string | undefined } {
  const [md5 = '', checksum] = etag.split(' ');
  return { md5, checksum };
}

function readAnswer(xml: string, root: string, recordName: string): S3Document {
  const answer = parseS3(xml, recordName);
  if (answer.root === 'Error') {
    // A completion is answered with 200 before its outcome is known.
    throw new S3ResponseError(500, answer.fields['Code'] ?? '', answer.fields['Message'] ?? '');
  }
  if (answer.root !== root) throw new ObjectStoreError('object-store.failed', `the store sent no ${root}`);
  return answer;
}

/** Escapes a text for a query as the signature wants it. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A server that does not get on would be asked the same for ever. */
function nextPage({ fields }: S3Document, next: string | undefined, asked: string | undefined): string | undefined {
  if (fields['IsTruncated'] !== 'true') return undefined;
  if (next !== undefined && next !== '' && next !== asked) return next;
  throw new ObjectStoreError('object-store.failed', 'the store says that a listing goes on, but not where');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BODY) throw new ObjectStoreError('object-store.failed', 'the store sent an answer without end');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
