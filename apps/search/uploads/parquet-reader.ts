import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { arrayShape, readVotable, type Row, TableError, type TableField, type TableReading } from '@almagest/votable';
import type { SpoolFile } from './spool-file';

const MOST_ROWS = 5_000_000;
const MOST_COLUMNS = 1000;
/** Of the thread. */
const MEMORY_MB = 256;
const ANSWER_MS = 60_000;

interface Head {
  columns: readonly { name: string; datatype: string; isList: boolean }[];
  metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a Parquet file on a thread whose memory is limited. The description of the columns that VOParquet keeps in it
 * (units, UCDs, xtypes) counts, if it has these columns.
 * @throws TableError, also while the rows are read
 */
export async function readParquet(file: SpoolFile): Promise<TableReading> {
  const thread = new ParquetThread(file, 'head');
  try {
    const { columns, metadata } = (await thread.answer()) as Head;
    if (columns.length === 0) throw new TableError('it has no columns');
    const described = await describedFields(metadata['IVOA.VOTable-Parquet.content']);
    const isDescribed = described.length === columns.length;
    const fields = columns.map((column, index) => fieldOf(column, isDescribed ? described[index] : undefined));
    return { fields, rows: rowsOf(file, fields) };
  } finally {
    await thread.end();
  }
}

async function describedFields(content: string | undefined): Promise<readonly TableField[]> {
  if (content === undefined) return [];
  try {
    const { fields, rows } = await readVotable(Readable.from([Buffer.from(content)]));
    await rows.return(undefined);
    return fields;
  } catch (error) {
    if (error instanceof TableError) throw new TableError(`its description (VOParquet): ${error.message}`);
    throw error;
  }
}

function fieldOf({ name, datatype, isList }: Head['columns'][number], described: TableField | undefined): TableField {
  const isText = datatype === 'text' || datatype === 'timestamp' || datatype === 'date';
  const stored = isText ? 'unicodeChar' : (datatype as TableField['datatype']);
  const arraysize = isText || isList ? '*' : undefined;
  const shape = arrayShape(arraysize, stored, name);
  const xtype = datatype === 'text' ? undefined : isText ? 'timestamp' : undefined;
  const { unit, ucd, utype, description } = described ?? {};
  return { name, datatype: stored, arraysize, shape, xtype: described?.xtype ?? xtype, unit, ucd, utype, description };
}

async function* rowsOf(file: SpoolFile, fields: readonly TableField[]): AsyncGenerator<Row[]> {
  const thread = new ParquetThread(file, 'rows');
  try {
    for (;;) {
      thread.ask();
      const { rows } = (await thread.answer()) as { rows: Row[] | null };
      if (rows === null) return;
      yield rows.map((row) => row.map((cell, column) => (isNaNOf(fields[column], cell) ? null : cell)));
    }
  } finally {
    await thread.end();
  }
}

function isNaNOf(field: TableField | undefined, cell: string | null): boolean {
  return cell === 'NaN' && (field?.datatype === 'float' || field?.datatype === 'double') && field.shape.isScalar;
}

/** The thread that reads one file. */
class ParquetThread {
  private readonly worker: Worker;
  private readonly answers: unknown[] = [];
  private fault: Error | null = null;
  private wake: () => void = () => undefined;

  constructor(file: SpoolFile, wants: 'head' | 'rows') {
    this.worker = new Worker(join(__dirname, 'parquet-worker.cjs'), {
      env: {},
      execArgv: [],
      name: 'parquet',
      workerData: { fd: file.descriptor, size: file.size, wants, mostRows: MOST_ROWS, mostColumns: MOST_COLUMNS },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    this.worker.on('message', (message: { fault?: string }) => {
      if (message.fault === undefined) this.answers.push(message);
      else this.fault ??= new TableError(`it cannot be read as Parquet: ${message.fault}`);
      this.wake();
    });
    this.worker.on('error', () => this.fail(`reading it needs more than ${MEMORY_MB} MB; use smaller row groups`));
    this.worker.on('exit', () => this.fail('it cannot be read as Parquet'));
  }

  /** Asks for the next rows. */
  ask(): void {
    this.worker.postMessage(null);
  }

  /** @throws TableError */
  async answer(): Promise<unknown> {
    const timer = setTimeout(() => this.fail(`reading it takes more than ${ANSWER_MS / 1000} s`), ANSWER_MS);
    try {
      while (this.answers.length === 0) {
        if (this.fault !== null) throw this.fault;
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
      return this.answers.shift();
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(problem: string): void {
    this.fault ??= new TableError(problem);
    this.wake();
  }
}
