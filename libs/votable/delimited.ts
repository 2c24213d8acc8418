import { type Ending, type Field, isText } from './field';
import { type RowBatch, TEXT_ROWS } from './row-batch';
import type { RowEncoder } from './row-encoder';
import { type TextColumn, TextRows } from './text-rows';
import { isoTime, isTime } from './time';

/** A format with a line for each row, which cannot say that it ended with a fault. */
abstract class Lines implements RowEncoder {
  readonly form = TEXT_ROWS;
  private readonly text: TextRows;

  protected constructor(rowStart: string, rowEnd: string, columns: readonly TextColumn[]) {
    this.text = new TextRows(rowStart, rowEnd, columns);
  }

  abstract begin(): string;

  rows(batch: RowBatch): Buffer {
    return this.text.of(batch);
  }

  end({ status }: Ending): string | null {
    return status === 'ERROR' ? null : '';
  }
}

/** Comma-separated values (RFC 4180) with a line of names; a missing value is empty. */
export class Csv extends Lines {
  constructor(private readonly fields: readonly Field[]) {
    const columns = fields.map((field, index): TextColumn => {
      const before = index === 0 ? '' : ',';
      const form = isTime(field)
        ? { isSpecial: () => true, written: (cell: string) => quoted(isoTime(cell)) }
        : { isSpecial: (character: string) => /["\\,]/.test(character), written: quoted };
      // An empty text is quoted, so that it differs from a missing one.
      return { before, after: '', missing: before, empty: '""', ...form };
    });
    super('', '\r\n', columns);
  }

  begin(): string {
    return `${this.fields.map(({ name }) => quoted(name)).join(',')}\r\n`;
  }
}

/** Tab-separated values as IANA registers them: a tab or line break in a text becomes a blank. */
export class Tsv extends Lines {
  constructor(private readonly fields: readonly Field[]) {
    const columns = fields.map((field, index): TextColumn => {
      const before = index === 0 ? '' : '\t';
      const form = isTime(field)
        ? { isSpecial: () => true, written: isoTime }
        : { isSpecial: (character: string) => character === '\\', written: plain };
      return { before, after: '', missing: before, ...form };
    });
    super('', '\n', columns);
  }

  begin(): string {
    return `${this.fields.map(({ name }) => plain(name)).join('\t')}\n`;
  }
}

/** JSON Lines: an object for each row; a missing value, and a number that JSON does not have, are null. */
export class JsonLines extends Lines {
  constructor(fields: readonly Field[]) {
    const columns = fields.map((field, index): TextColumn => {
      const key = `${index === 0 ? '' : ','}${JSON.stringify(field.name)}:`;
      const quote = isText(field) ? '"' : '';
      return { before: key + quote, after: quote, missing: `${key}null`, ...jsonForm(field) };
    });
    super('{', '}\n', columns);
  }

  begin(): string {
    return '';
  }
}

function jsonForm(field: Field): Pick<TextColumn, 'isSpecial' | 'written'> {
  if (isTime(field)) return { isSpecial: () => true, written: (cell) => jsonText(isoTime(cell)) };
  if (isText(field)) {
    return { isSpecial: (character) => character === '\\' || jsonText(character) !== character, written: jsonText };
  }
  if (field.datatype === 'boolean') {
    return { isSpecial: () => true, written: (cell) => (cell === 't' ? 'true' : 'false') };
  }
  // NaN and Infinity; several numbers are an array.
  return { isSpecial: (character) => /[NI ]/.test(character), written: jsonNumbers };
}

function jsonNumbers(text: string): string {
  return text.includes(' ')
    ? `[${text
        .trim()
        .replace(/ +/g, ',')
        .replace(/NaN|-?Infinity/g, 'null')}]`
    : 'null';
}

/** Returns a text as JSON writes it, without the quotes. */
function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function plain(text: string): string {
  return text.replace(/[\t\r\n]/g, ' ');
}
