import type { Ending, Field, Row } from './field';

/** Writes a result piece by piece. A piece is as long as the rows that it is given, unless the format needs many together. */
export interface RowEncoder {
  /** What comes before the first row. */
  begin(): string | Uint8Array;
  /** The next rows. */
  rows(rows: readonly Row[]): string | Uint8Array;
  /** What comes after the last row; null where the format cannot show this ending. */
  end(ending: Ending): string | Uint8Array | null;
}

/**
 * Creates the encoder of a format.
 * @param resources RESOURCE elements for after the table; formats that have no room for them leave them out
 */
export type EncoderOf = (fields: readonly Field[], resources?: string) => RowEncoder;
