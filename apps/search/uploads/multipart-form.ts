import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Request } from 'express';
import { badParameter } from '../search.error';
import { SpoolFile } from './spool-file';

/** A file of a form. */
export interface FormFile {
  readonly mediaType: string | null;
  readonly content: SpoolFile;
}

export interface MultipartForm {
  readonly fields: readonly (readonly [string, string])[];
  readonly files: ReadonlyMap<string, FormFile>;
}

/** Bytes of all fields and all files at most. Files are ignored when they may have none. */
export interface FormLimits {
  readonly fields: number;
  readonly files: number;
}

const PARTS = 1000;

/**
 * Reads a multipart form (RFC 7578), its files into files without a name, which the caller closes. After a fault, the rest
 * of the body is read and ignored, so that the client sees the answer.
 * @throws DomainError `search.bad-parameter`; the error of the connection
 */
export async function readMultipart(request: Request, limits: FormLimits): Promise<MultipartForm> {
  const reader = new FormReader(request, limits);
  try {
    await pipeline(request, reader.sink);
    return await reader.form();
  } catch (error) {
    await reader.discard();
    throw error;
  }
}

class FormReader {
  private readonly fields: (readonly [string, string])[] = [];
  private readonly files = new Map<string, FormFile>();
  private readonly stored: Promise<void>[] = [];
  private readonly parser: busboy.Busboy;
  private readonly ended: Promise<void>;
  private total = 0;
  private fieldBytes = 0;
  private fault: unknown = null;
  private wake: (() => void) | null = null;

  constructor(
    request: Request,
    private readonly limits: FormLimits,
  ) {
    this.parser = parserOf(request, limits.fields);
    this.ended = new Promise((resolve) => this.parser.once('close', resolve));
    this.parser.on('drain', () => this.resume());
    this.parser.on('error', (error) => this.fail(malformed(error)));
    this.parser.on('partsLimit', () => this.fail(badParameter(`The form has more than ${PARTS} parts`)));
    this.parser.on('field', (name, value, { valueTruncated }) => {
      this.fieldBytes += Buffer.byteLength(value);
      if (valueTruncated || this.fieldBytes > limits.fields) {
        this.fail(badParameter(`The fields of the form have more than ${limits.fields} bytes`));
      }
      this.fields.push([name, value]);
    });
    this.parser.on('file', (name, stream, { mimeType }) => {
      if (limits.files === 0) stream.resume();
      else this.stored.push(this.store(name, stream, mimeType).catch((error: unknown) => this.fail(error)));
    });
  }

  /** Takes the body. It fails only with the connection. */
  readonly sink = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      this.total += piece.length;
      const most = this.limits.fields + this.limits.files;
      if (this.total > most) this.fail(badParameter(`The request is too large: it has more than ${most} bytes`));
      if (this.fault !== null || this.parser.write(piece)) done();
      else this.wake = done;
    },
    final: (done) => {
      if (this.fault === null) this.parser.end();
      done();
    },
  });

  async form(): Promise<MultipartForm> {
    if (this.fault === null) await this.ended;
    await Promise.all(this.stored);
    if (this.fault !== null) throw this.fault as Error;
    return { fields: this.fields, files: this.files };
  }

  /** Closes the files. */
  async discard(): Promise<void> {
    this.parser.destroy();
    await Promise.all(this.stored);
    await Promise.all([...this.files.values()].map(({ content }) => content.close()));
  }

  private async store(name: string, stream: Readable, mimeType: string): Promise<void> {
    // An error of the parser reaches its streams too, before they are read.
    stream.on('error', () => undefined);
    if (this.files.has(name)) throw badParameter(`The form has two files named ${name}`);
    const content = await SpoolFile.create();
    this.files.set(name, { mediaType: mimeType === '' ? null : mimeType, content });
    for await (const piece of stream as AsyncIterable<Buffer>) await content.append(piece);
  }

  private fail(fault: unknown): void {
    if (this.fault !== null) return;
    this.fault = fault;
    this.parser.destroy();
    this.resume();
  }

  private resume(): void {
    const { wake } = this;
    this.wake = null;
    wake?.();
  }
}

function parserOf(request: Request, fieldSize: number): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits: { fieldSize, parts: PARTS }, defParamCharset: 'utf8' });
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(error: unknown): Error {
  return badParameter(`The body is not a multipart form: ${(error as Error).message}`);
}
