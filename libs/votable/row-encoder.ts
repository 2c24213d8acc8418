import type { Ending, Field, Row } from './field';

/** Writes a result piece by piece. A piece is as long as the rows that it is given. */
export interface RowEncoder {
  /** What comes before the first row. */
  begin(): string;
  /** The next rows. */
  rows(rows: readonly Row[]): string;
  /** What comes after the last row; null where the format cannot show this ending. */
  end(ending: Ending): string | null;
}

/** Creates the encoder of a format. */
export type EncoderOf = (fields: readonly Field[]) => RowEncoder;
