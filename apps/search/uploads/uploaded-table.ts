import type { Table } from '@almagest/adql';
import { type Row, readCsv, readVotable, TableError, type TableReading } from '@almagest/votable';
import { badUpload } from '../search.error';
import { readParquet } from './parquet-reader';
import type { SpoolFile } from './spool-file';
import { uploadColumn, type UploadColumn } from './upload-columns';

/** Rows of a table at most. */
const MOST_ROWS = 5_000_000;

/** A table of an upload whose columns are known, and whose rows can be read once. */
export class UploadedTable {
  private readonly columns: readonly UploadColumn[];

  private constructor(
    private readonly name: string,
    /** The name in the database, for one transaction. */
    readonly sqlName: string,
    private readonly reading: TableReading,
  ) {
    this.columns = reading.fields.map(uploadColumn);
    const names = this.columns.map(({ described }) => described.name);
    const repeated = names.find((column, index) => names.indexOf(column) < index);
    if (repeated !== undefined) throw new TableError(`two columns are named ${repeated}`);
  }

  /**
   * Reads the columns of a stored table: a VOTable, Parquet, or comma- or tab-separated values.
   * @param mediaType as its sender states it
   * @param position among the tables of the query, from 1
   * @throws DomainError `search.bad-upload`
   */
  static async of(name: string, mediaType: string | null, file: SpoolFile, position: number): Promise<UploadedTable> {
    return named(name, async () => {
      const reading = await readingOf(file, mediaType);
      return new UploadedTable(name, `upload_${position}`, reading);
    });
  }

  /** The table as the translator of ADQL takes it. */
  get described(): Table {
    return {
      name: `TAP_UPLOAD.${this.name}`,
      sql: `pg_temp.${this.sqlName}`,
      columns: this.columns.map(({ described }) => described),
    };
  }

  /** SQL that creates the table. */
  get creation(): string {
    const columns = this.columns.flatMap(({ stored }) => stored.map(({ name, type }) => `${name} ${type}`));
    return `CREATE TEMPORARY TABLE ${this.sqlName} (${columns.join(', ')}) ON COMMIT DROP`;
  }

  /**
   * Yields the rows as the text form of COPY.
   * @throws DomainError `search.bad-upload`
   */
  async *lines(): AsyncGenerator<Buffer> {
    let count = 0;
    for (;;) {
      const step = await named(this.name, () => this.reading.rows.next());
      if (step.done === true) return;
      const rows = step.value;
      yield await named(this.name, () => Buffer.from(rows.map((row, index) => this.line(row, count + index)).join('')));
      count += rows.length;
      if (count > MOST_ROWS) throw badUpload(`Table ${this.name} has more than ${MOST_ROWS} rows`);
    }
  }

  async close(): Promise<void> {
    await this.reading.rows.return(undefined);
  }

  private line(row: Row, index: number): string {
    const values = this.columns.flatMap(({ described, values: valuesOf }, column) => {
      try {
        return valuesOf(row[column] ?? null);
      } catch (error) {
        if (!(error instanceof TableError)) throw error;
        throw new TableError(`row ${index + 1}, column ${described.name}: ${error.message}`);
      }
    });
    return `${values.map((value) => (value === null ? '\\N' : escaped(value))).join('\t')}\n`;
  }
}

/** Names the table in what is wrong with it. */
async function named<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TableError) throw badUpload(`Table ${name}: ${error.message}`);
    throw error;
  }
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] ?? letter);
}

const OTHER_FORMS: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'gzip; send it unpacked'],
  ['SIMPLE  =', 'FITS'],
  ['\x89HDF', 'HDF5'],
  ['PK\x03\x04', 'a ZIP file'],
];

/** What the bytes are decides; the stated media type only distinguishes tabs from commas. */
async function readingOf(file: SpoolFile, mediaType: string | null): Promise<TableReading> {
  const head = (await file.read(0, 1024)).toString('latin1');
  const other = OTHER_FORMS.find(([magic]) => head.startsWith(magic));
  if (other !== undefined) {
    throw new TableError(`it is ${other[1]}; expected VOTable, Parquet, comma-separated or tab-separated values`);
  }
  if (head.startsWith('PAR1')) return readParquet(file);
  if (isXml(head)) return readVotable(file.open());
  const [line = ''] = head.split(/[\r\n]/, 1);
  const isTabs = /tab-separated|tsv/i.test(mediaType ?? '') || (line.includes('\t') && !line.includes(','));
  return readCsv(() => file.open(), isTabs ? '\t' : ',');
}

/** UTF-8, with or without a byte order mark, or UTF-16. */
function isXml(head: string): boolean {
  return head.startsWith('\xfe\xff') || head.startsWith('\xff\xfe') || /^(?:\xef\xbb\xbf)?\s*<|^\0</.test(head);
}
