import { isMissing, LINE_FEED, type RowBatch, TAB, textOf } from './row-batch';
import { put, Scratch } from './scratch';

/** How a format writes the values of a column. */
export interface TextColumn {
  /** What is around a value. */
  readonly before: string;
  readonly after: string;
  /** What is written of a missing value, with what would be around it. */
  readonly missing: string;
  /** What is written of an empty text, unless that is nothing. */
  readonly empty?: string;
  /** Whether a value is written as it is if it has none of the bytes of `isSpecial`; all others, as `written` says. */
  readonly isSpecial: (character: string) => boolean;
  readonly written: (text: string) => string;
}

const SPECIAL = 1;
const END = 2;
/** Bytes of UTF-8 that a unit of a text takes at most, and as a replacement such as `\u0000`. */
const EXPANSION = 6;

/** Writes batches as text: most bytes of a value are copied as they are, without a string in between. */
export class TextRows {
  private readonly scratch = new Scratch();
  private readonly rowStart: Buffer;
  private readonly rowEnd: Buffer;
  private readonly columns: readonly {
    before: Buffer;
    after: Buffer;
    missing: Buffer;
    empty: Buffer;
    kinds: Uint8Array;
    written: (text: string) => string;
    /** Bytes around a value at most. */
    around: number;
  }[];

  constructor(rowStart: string, rowEnd: string, columns: readonly TextColumn[]) {
    this.rowStart = Buffer.from(rowStart);
    this.rowEnd = Buffer.from(rowEnd);
    const ends = this.rowStart.length + this.rowEnd.length;
    this.columns = columns.map(({ written, isSpecial, ...rest }) => {
      const [before, after, missing] = [Buffer.from(rest.before), Buffer.from(rest.after), Buffer.from(rest.missing)];
      const empty = Buffer.from(rest.empty ?? '');
      const around = ends + before.length + after.length + missing.length + empty.length;
      return { before, after, missing, empty, kinds: kindsOf(isSpecial), written, around };
    });
  }

  /** The bytes stay until the next batch. */
  of({ bytes }: RowBatch): Buffer {
    if (bytes[bytes.length - 1] !== LINE_FEED) throw new RangeError('a batch ends inside a row');
    const { scratch, columns, rowStart, rowEnd } = this;
    let at = 0;
    let read = 0;
    while (read < bytes.length) {
      let target = scratch.room(at, rowStart.length + rowEnd.length);
      at = put(target, at, rowStart);
      for (const { before, after, missing, empty, kinds, written, around } of columns) {
        if (isMissing(bytes, read)) {
          target = scratch.room(at, around);
          at = put(target, at, missing);
          read += 3;
          continue;
        }
        const start = read;
        let found = 0;
        for (let kind = kinds[bytes[read] as number]; kind !== END; kind = kinds[bytes[++read] as number]) {
          found |= kind as number;
        }
        target = scratch.room(at, around + (read - start) * EXPANSION);
        at = put(target, at, before);
        if (start === read) at = put(target, at, empty);
        else if (found === 0) at = put(target, at, bytes, start, read);
        else at += target.write(written(textOf(bytes, start, read)), at);
        at = put(target, at, after);
        read += 1;
      }
      at = put(target, at, rowEnd);
    }
    return scratch.written(at);
  }
}

function kindsOf(isSpecial: (character: string) => boolean): Uint8Array {
  const kinds = Uint8Array.from({ length: 256 }, (_, byte) => (isSpecial(String.fromCharCode(byte)) ? SPECIAL : 0));
  kinds[TAB] = END;
  kinds[LINE_FEED] = END;
  return kinds;
}
