import type { Ending, Field } from './field';
import type { RowBatch, RowForm } from './row-batch';

/** Writes a result piece by piece. A piece is as long as the rows that it is given, unless the format needs many together. */
export interface RowEncoder {
  /** The form of the rows that it takes. */
  readonly form: RowForm;
  /** What comes before the first row. */
  begin(): string | Uint8Array;
  /** The next rows. The bytes stay until the encoder is called again. */
  rows(batch: RowBatch): Uint8Array;
  /** What comes after the last row; null where the format cannot show this ending. */
  end(ending: Ending): string | Uint8Array | null;
}

/** What a VOTable says beside its table; other formats leave it out. */
export interface Additions {
  /** Values of INFO elements of the results, by their name. */
  readonly infos?: Readonly<Record<string, string>>;
  /** Returns RESOURCE elements for after the results; called after the last row. */
  readonly resources?: () => string;
}

/** Creates the encoder of a format. */
export type EncoderOf = (fields: readonly Field[], additions?: Additions) => RowEncoder;
