import type { Row } from '../field';
import { TableError } from './table.error';
import type { TableField } from './table-field';
import { VotableParser } from './votable-parser';
import { decodedXml } from './xml-decoder';

/** A table that is read: its columns, and its rows as they arrive. */
export interface TableReading {
  readonly fields: readonly TableField[];
  /** Many rows at a time, each with a cell for every field. Its end means that the document is complete. */
  readonly rows: AsyncGenerator<Row[]>;
}

/**
 * Reads the first table of a VOTable (VOTable 1.4) while it arrives. Memory is bounded: a text or tag of more than 1 MiB,
 * deep nesting, and declarations of entities are refused, and no other document is fetched.
 * @throws TableError, also while the rows are read
 */
export async function readVotable(pieces: AsyncIterable<Uint8Array>): Promise<TableReading> {
  const parser = new VotableParser();
  const steps = parsed(parser, pieces);
  for (;;) {
    const { done } = await steps.next();
    if (parser.fields !== null) return { fields: parser.fields, rows: rowsOf(parser, steps) };
    if (done === true) throw new TableError('the document has no TABLE');
  }
}

/** Yields after each piece; ends after the document, when it is well-formed. */
async function* parsed(parser: VotableParser, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<void> {
  for await (const text of decodedXml(pieces)) {
    parser.write(text);
    yield;
  }
  parser.end();
}

async function* rowsOf(parser: VotableParser, steps: AsyncGenerator<void>): AsyncGenerator<Row[]> {
  try {
    for (;;) {
      const rows = parser.take();
      if (rows.length > 0) yield rows;
      if ((await steps.next()).done === true) return;
    }
  } finally {
    await steps.return(undefined);
  }
}
