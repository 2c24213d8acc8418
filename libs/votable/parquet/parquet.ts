import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Cell, Ending, Field } from '../field';
import { type RowBatch, rowsOf, TEXT_ROWS } from '../row-batch';
import type { RowEncoder } from '../row-encoder';
import { metadataDocument } from '../votable-document';
import { parquetColumn, type ParquetColumn } from './parquet-column';

/** Characters of the values of a row group, which are in memory until it is complete. */
const GROUP = 4 * 1024 * 1024;

/**
 * Parquet with the description of its columns as a VOTable without data (VOParquet, IVOA Note 1.0). Rows are written in
 * groups, so that memory stays bounded.
 */
export class Parquet implements RowEncoder {
  readonly form = TEXT_ROWS;
  private readonly output = new ByteWriter();
  private readonly writer: ParquetWriter;
  private readonly metadata: { key: string; value: string }[] = [];
  private readonly columns: readonly ParquetColumn[];
  private values: unknown[][];
  private size = 0;

  constructor(private readonly fields: readonly Field[]) {
    const names = new Set<string>();
    this.columns = fields.map((field) => parquetColumn(field, uniqueName(field.name, names)));
    this.values = fields.map(() => []);
    this.writer = new ParquetWriter({
      writer: this.output,
      schema: [{ name: 'root', num_children: fields.length }, ...this.columns.flatMap(({ schema }) => schema)],
      kvMetadata: this.metadata,
      statistics: false,
      createdBy: 'almagest',
    });
  }

  begin(): Uint8Array {
    return this.taken();
  }

  rows(batch: RowBatch): Uint8Array {
    for (const row of rowsOf(batch)) {
      for (const [index, column] of this.columns.entries()) {
        const cell: Cell = row[index] ?? null;
        this.size += cell?.length ?? 0;
        this.values[index]?.push(cell === null ? null : column.value(cell));
      }
    }
    if (this.size >= GROUP) this.closeGroup();
    return this.taken();
  }

  end(ending: Ending): Uint8Array | null {
    if (ending.status === 'ERROR') return null;
    this.closeGroup();
    this.metadata.push(
      { key: 'IVOA.VOTable-Parquet.version', value: '1.0' },
      { key: 'IVOA.VOTable-Parquet.content', value: metadataDocument(this.fields, ending) },
    );
    void this.writer.finish();
    return this.taken();
  }

  private closeGroup(): void {
    const count = this.values[0]?.length ?? 0;
    if (count === 0) return;
    const columnData = this.columns.map(({ name }, index) => ({
      name,
      data: this.values[index] ?? [],
      offsetIndex: false,
    }));
    void this.writer.write({ columnData, rowGroupSize: count });
    this.values = this.fields.map(() => []);
    this.size = 0;
  }

  private taken(): Uint8Array {
    const bytes = new Uint8Array(this.output.getBuffer());
    this.output.index = 0;
    return bytes;
  }
}

/** Parquet finds columns by their names; a result may have several of the same. */
function uniqueName(name: string, names: Set<string>): string {
  let unique = name;
  for (let number = 2; names.has(unique); number++) unique = `${name}_${number}`;
  names.add(unique);
  return unique;
}
