import type http from 'node:http';
import { BodyLimitError, readBody } from '@almagest/platform';
import type { Client } from 'minio';
import { ObjectStoreError } from '../object-store.error';
import type { UploadedChunk } from '../object-store.port';
import { tooLong } from './s3-client';
import { S3ResponseError } from './s3-error';
import { type S3Document, bareTag, decodeKey, parseS3 } from './s3-xml';

/** The checksum that is sent with each chunk. */
const ALGORITHM = 'CRC32';
/** A page of 1,000 keys of 1,024 bytes is far smaller. */
const MAX_BODY = 16 * 1024 * 1024;
/** Completing an upload may take a server minutes during which it sends blanks. */
const BODY_TIMEOUT_MS = 10 * 60_000;

/** An object in a listing. Its key may not be one of the archive's. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
  readonly etag: string;
}

export interface ListedUpload extends StartedUpload {
  readonly key: string;
  readonly startedAt: Date;
}

export interface StartedUpload {
  readonly id: string;
  /** Whether the server compares the CRC-32 of each chunk. An older server silently ignores the request to do so. */
  readonly checksSums: boolean;
}

/** A page of a listing, and the marker of the next one; undefined after the last. */
export interface Page<T, Next> {
  readonly items: readonly T[];
  readonly next: Next | undefined;
}

/**
 * The requests that the minio client cannot make, or whose responses it reads wrongly. It signs and sends them through
 * `makeRequestAsync`, which it marks as internal; their responses are parsed here (docs/adr/0034).
 */
export class S3Requests {
  constructor(
    private readonly client: Client,
    /** The same client, except that it does not sign bodies. */
    private readonly unsigning: Client,
    private readonly bucket: string,
  ) {}

  async startUpload(key: string): Promise<StartedUpload> {
    const request = {
      method: 'POST',
      query: { uploads: '' },
      objectName: key,
      headers: { 'x-amz-checksum-algorithm': ALGORITHM },
    };
    const { document, headers } = await this.send('InitiateMultipartUploadResult', '', request);
    const checksSums = headers['x-amz-checksum-algorithm'] === ALGORITHM;
    return { id: document.fields['UploadId'] ?? '', checksSums };
  }

  async listObjects(prefix: string, token?: string): Promise<Page<ListedObject, string>> {
    const query = { 'list-type': '2', 'encoding-type': 'url', 'continuation-token': token, prefix };
    const { document } = await this.send('ListBucketResult', 'Contents', { method: 'GET', query });
    const items = document.records.map((record) => ({
      key: decodeKey(record['Key'] ?? '', document),
      size: Number(record['Size']),
      modifiedAt: new Date(record['LastModified'] ?? ''),
      etag: bareTag(record['ETag']),
    }));
    return { items, next: nextPage(document, document.fields['NextContinuationToken'], token) };
  }

  /**
   * Some servers cannot continue a listing after an upload, only after a key (versitygw 1.8.0). Then further uploads of
   * that key are omitted until the listed ones have been swept.
   */
  async listUploads(prefix: string, after?: ListedUpload): Promise<Page<ListedUpload, ListedUpload>> {
    try {
      return await this.uploadsAfter(prefix, after, after?.id);
    } catch (error) {
      if (after === undefined || !(error instanceof S3ResponseError && error.code === 'InvalidArgument')) throw error;
      return this.uploadsAfter(prefix, after, undefined);
    }
  }

  async listParts(key: string, id: string, after?: number): Promise<Page<UploadedChunk, number>> {
    const query = { uploadId: id, 'part-number-marker': after?.toString() };
    const { document } = await this.send('ListPartsResult', 'Part', { method: 'GET', query, objectName: key });
    const items = document.records.map((record) => ({
      number: Number(record['PartNumber']),
      size: Number(record['Size']),
      etag: formatTag(bareTag(record['ETag']), record['ChecksumCRC32']),
    }));
    const next = nextPage(document, items.at(-1)?.number.toString(), after?.toString());
    return { items, next: next === undefined ? undefined : Number(next) };
  }

  /**
   * Sends a chunk and returns its etag.
   * @param sum its CRC-32, hexadecimal, for a server that compares it (docs/adr/0010); null for a server that does not:
   *   then the chunk's SHA-256 is part of the signature, where no TLS protects it
   */
  async sendChunk(key: string, id: string, number: number, bytes: Buffer, sum: string | null): Promise<string> {
    const checksum = sum === null ? undefined : Buffer.from(sum, 'hex').toString('base64');
    const headers: Record<string, string> = checksum === undefined ? {} : { 'x-amz-checksum-crc32': checksum };
    const part = { bucketName: this.bucket, objectName: key, uploadID: escapeQuery(id), partNumber: number, headers };
    const { etag } = await (checksum === undefined ? this.client : this.unsigning).uploadPart(part, bytes);
    return formatTag(etag, checksum);
  }

  /** Completes an upload. With `onlyNew` the server refuses (412) when the key exists by then. */
  async complete(key: string, id: string, chunks: readonly UploadedChunk[], onlyNew: boolean): Promise<void> {
    const parts = chunks.map(({ number, etag }) => {
      const { md5, checksum } = parseTag(etag);
      const sum = checksum === undefined ? '' : `<ChecksumCRC32>${escapeXml(checksum)}</ChecksumCRC32>`;
      return `<Part><PartNumber>${number}</PartNumber><ETag>"${escapeXml(md5)}"</ETag>${sum}</Part>`;
    });
    const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
    const headers = { 'content-type': 'application/xml', ...(onlyNew && { 'if-none-match': '*' }) };
    const request = { method: 'POST', query: { uploadId: id }, objectName: key, headers };
    await this.send('CompleteMultipartUploadResult', 'Part', request, body);
  }

  private async uploadsAfter(
    prefix: string,
    after: ListedUpload | undefined,
    idMarker: string | undefined,
  ): Promise<Page<ListedUpload, ListedUpload>> {
    const marker = { 'key-marker': after?.key, 'upload-id-marker': idMarker };
    const query = { uploads: '', 'encoding-type': 'url', prefix, ...marker };
    const { document } = await this.send('ListMultipartUploadsResult', 'Upload', { method: 'GET', query });
    const items = document.records.map((record) => ({
      key: decodeKey(record['Key'] ?? '', document),
      id: record['UploadId'] ?? '',
      startedAt: new Date(record['Initiated'] ?? ''),
      checksSums: record['ChecksumAlgorithm'] === ALGORITHM,
    }));
    const last = items.at(-1);
    const next = nextPage(document, last?.id, after?.id);
    return { items, next: next === undefined ? undefined : last };
  }

  /**
   * Sends a request and parses its response.
   * @param root the expected root element
   * @param recordName the element of each record, empty when there are none
   */
  private async send(
    root: string,
    recordName: string,
    request: {
      method: string;
      query: Record<string, string | undefined>;
      objectName?: string;
      headers?: Record<string, string>;
    },
    body = '',
  ): Promise<{ document: S3Document; headers: http.IncomingHttpHeaders }> {
    const query = Object.entries(request.query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${escapeQuery(value)}`],
    );
    const options = { ...request, bucketName: this.bucket, query: query.join('&') };
    const response = await this.client.makeRequestAsync(options, body);
    return { document: parseResponse(await textOf(response), root, recordName), headers: response.headers };
  }
}

/** Makes a chunk's etag: the server's, which is an MD5, then the checksum, which the completion must repeat. */
function formatTag(md5: string, checksum: string | undefined): string {
  return checksum === undefined || checksum === '' ? md5 : `${md5} ${checksum}`;
}

/** Splits such an etag. */
export function parseTag(etag: string): { md5: string; checksum: string | undefined } {
  const [md5 = '', checksum] = etag.split(' ');
  return { md5, checksum };
}

function parseResponse(xml: string, root: string, recordName: string): S3Document {
  const document = parseS3(xml, recordName);
  if (document.root === 'Error') {
    // A server may send the status 200 before it knows the outcome of a completion.
    throw new S3ResponseError(500, document.fields['Code'] ?? '', document.fields['Message'] ?? '');
  }
  if (document.root !== root) throw new ObjectStoreError('object-store.failed', `the store sent no ${root}`);
  return document;
}

/** Escapes a text for a query as the signature requires. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Returns the marker of the next page. Fails when it does not change: the listing would never end. */
function nextPage({ fields }: S3Document, next: string | undefined, asked: string | undefined): string | undefined {
  if (fields['IsTruncated'] !== 'true') return undefined;
  if (next !== undefined && next !== '' && next !== asked) return next;
  throw new ObjectStoreError('object-store.failed', 'the store says that a listing continues, but not where');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  try {
    return (await readBody(response, { bytes: MAX_BODY, milliseconds: BODY_TIMEOUT_MS })).toString('utf8');
  } catch (error) {
    throw error instanceof BodyLimitError ? tooLong(error) : error;
  }
}
