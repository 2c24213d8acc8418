import type { Readable } from 'node:stream';
import { badUpload } from '../search.error';
import { SpoolFile } from './spool-file';
import type { Upload } from './upload';
import { UploadedTable } from './uploaded-table';

/** The tables of one query, on the disk until it has ended. */
export class UploadedTables {
  readonly tables: UploadedTable[] = [];
  private readonly files: SpoolFile[] = [];
  private left: number;

  private constructor(private readonly limit: number) {
    this.left = limit;
  }

  /**
   * Stores the uploads, and reads their columns. The caller closes them.
   * @param limit bytes of all of them together
   * @throws DomainError `search.bad-upload`; the reason of the signal
   */
  static async of(uploads: readonly Upload[], limit: number, signal: AbortSignal): Promise<UploadedTables> {
    const all = new UploadedTables(limit);
    try {
      for (const upload of uploads) await all.add(upload, signal);
      return all;
    } catch (error) {
      await all.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const table of this.tables) await table.close();
    for (const file of this.files) await file.close();
  }

  private async add(upload: Upload, signal: AbortSignal): Promise<void> {
    const file = await SpoolFile.create();
    this.files.push(file);
    await this.store(upload, await upload.open(), file, signal);
    this.tables.push(await UploadedTable.of(upload.name, upload.mediaType, file, this.tables.length + 1));
  }

  private async store({ name }: Upload, source: Readable, file: SpoolFile, signal: AbortSignal): Promise<void> {
    try {
      for await (const piece of source as AsyncIterable<Buffer>) {
        signal.throwIfAborted();
        this.left -= piece.length;
        if (this.left < 0) throw badUpload(`Table ${name}: the uploads have more than ${this.limit} bytes`);
        await file.append(piece);
      }
    } finally {
      source.destroy();
    }
  }
}
