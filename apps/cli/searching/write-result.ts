import { basename, dirname, resolve } from 'node:path';
import { type Download, queryStatusIn, type ResultFormat, StagedFile } from '@almagest/archive-client';
import { printableLines } from '@almagest/text';
import { CliError } from '../cli.error';
import type { Terminal } from '../output/terminal';
import { RowLimit } from './row-limit';

/** Bytes from the end of a VOTable, or of a parquet file, that contain how its query ended. */
const TAIL = 64 * 1024;

/** What was written of a result. */
export interface Written {
  /** Null if the format does not show it while it is read. */
  readonly rows: number | null;
  readonly bytes: number;
  /** True when the result has more rows. */
  readonly isCut: boolean;
}

/** Receives the progress of a result. */
export type OnProgress = (rows: number | null, bytes: number) => void;

/**
 * Writes a result while it arrives: to a file, which appears once it is complete, or to standard output.
 * @param limit rows at most of a text format, of which the archive sends one more if there is one
 * @throws CliError when the query failed after its first rows; ArchiveClientError
 */
export async function writeResult(
  download: Download,
  { format, limit, file }: { format: ResultFormat; limit: number; file: string | undefined },
  terminal: Terminal,
  onProgress: OnProgress,
): Promise<Written> {
  const result = new Result(format, limit);
  try {
    if (file === undefined) {
      await toTerminal(result.pieces(download, onProgress), terminal);
      return result.written();
    }
    return await toFile(result, result.pieces(download, onProgress), file);
  } finally {
    download.abandon();
  }
}

/** The bytes of a result, and what they show about it. */
class Result {
  private bytes = 0;
  private tail = Buffer.alloc(0);
  private readonly rows: RowLimit | null;

  constructor(format: ResultFormat, limit: number) {
    this.rows = format === 'votable' || format === 'parquet' ? null : new RowLimit(limit, format);
  }

  async *pieces({ body }: Download, onProgress: OnProgress): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      const piece = this.rows?.take(chunk) ?? chunk;
      this.bytes += piece.length;
      onProgress(this.rows?.rows ?? null, this.bytes);
      if (piece.length > 0) yield piece;
      if (this.rows?.isCut === true) return;
      if (this.rows === null) this.tail = Buffer.concat([this.tail, chunk]).subarray(-TAIL);
    }
  }

  /** @throws CliError `cli.archive-failed` */
  written(): Written {
    if (this.rows !== null) return { rows: this.rows.rows, bytes: this.bytes, isCut: this.rows.isCut };
    const ending = queryStatusIn(this.tail.toString());
    if (ending?.status === 'ERROR')
      throw new CliError('cli.archive-failed', `the result is incomplete: ${ending.message}`);
    return { rows: null, bytes: this.bytes, isCut: ending?.status === 'OVERFLOW' };
  }
}

async function toTerminal(pieces: AsyncIterable<Uint8Array>, terminal: Terminal): Promise<void> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) {
    // A terminal would obey the control characters of a text.
    await terminal.write(terminal.isInteractive ? printableLines(decoder.decode(piece, { stream: true })) : piece);
    if (terminal.isUnread) return;
  }
}

async function toFile(result: Result, pieces: AsyncIterable<Uint8Array>, path: string): Promise<Written> {
  const staged = new StagedFile(dirname(resolve(path)), basename(path));
  try {
    await staged.write(pieces, () => undefined);
    const written = result.written();
    await staged.publish();
    return written;
  } finally {
    await staged.discard();
  }
}
