import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import type { Row } from '../field';
import { cellReader } from './cell-text';
import { guessedField, type GuessedType, TypeGuess } from './csv-types';
import { TableError } from './table.error';
import { MOST_FIELDS } from './table-field';
import type { TableReading } from './votable-reader';

/** Bytes of a line at most. */
const LONGEST = 1024 * 1024;
const BATCH = 500;

/**
 * Reads comma- or tab-separated values (RFC 4180) in UTF-8, whose first line has the names of the columns. It reads them
 * twice: the values of a whole column decide its type.
 * @param open opens the bytes from the beginning
 * @throws TableError, also while the rows are read
 */
export async function readCsv(open: () => AsyncIterable<Uint8Array>, delimiter: ',' | '\t'): Promise<TableReading> {
  let names: readonly string[] | null = null;
  let guesses: TypeGuess[] = [];
  for await (const cells of linesOf(open(), delimiter)) {
    if (names === null) {
      names = checkedNames(cells);
      guesses = names.map(() => new TypeGuess());
    } else {
      for (const [index, guess] of guesses.entries()) guess.add(cells[index] ?? '');
    }
  }
  if (names === null) throw new TableError('the table is empty; expected a first line with the names of the columns');
  const types = guesses.map((guess) => guess.type());
  const fields = names.map((name, index) => guessedField(name, types[index] ?? 'text'));
  return { fields, rows: rowsOf(linesOf(open(), delimiter), fields.map(cellReader), types) };
}

function checkedNames(cells: readonly string[]): string[] {
  if (cells.length > MOST_FIELDS) throw new TableError(`the table has more than ${MOST_FIELDS} columns`);
  const unnamed = cells.findIndex((cell) => cell.trim() === '');
  if (unnamed >= 0) throw new TableError(`column ${unnamed + 1} has no name in the first line`);
  return cells.map((cell) => cell.trim());
}

async function* rowsOf(
  lines: AsyncGenerator<string[]>,
  readers: readonly ReturnType<typeof cellReader>[],
  types: readonly GuessedType[],
): AsyncGenerator<Row[]> {
  let isFirst = true;
  let rows: Row[] = [];
  for await (const cells of lines) {
    if (isFirst) {
      isFirst = false;
      continue;
    }
    const values = types.map((type, index) => (type === 'text' ? (cells[index] ?? '') : (cells[index] ?? '').trim()));
    rows.push(readers.map((read, index) => read(values[index] ?? '')));
    if (rows.length < BATCH) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** Yields the cells of each line. */
async function* linesOf(pieces: AsyncIterable<Uint8Array>, delimiter: ',' | '\t'): AsyncGenerator<string[]> {
  const parser = parse({
    delimiter,
    quote: delimiter === ',' ? '"' : null,
    max_record_size: LONGEST,
    skip_empty_lines: true,
  });
  const text = textOf(pieces, () => parser.info.records);
  pipeline(Readable.from(text), parser, () => undefined);
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield cells;
  } catch (error) {
    throw error instanceof CsvError ? new TableError(`not separated values: ${error.message}`) : error;
  }
}

/** Yields the pieces as text. The parser does not limit the number of values of a line, so their bytes are limited here. */
async function* textOf(pieces: AsyncIterable<Uint8Array>, recordCount: () => number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [bytes, count] = [0, 0];
  for await (const piece of pieces) {
    if (recordCount() > count) [bytes, count] = [0, recordCount()];
    bytes += piece.length;
    if (bytes > LONGEST + piece.length) throw new TableError(`a line has more than ${LONGEST} bytes`);
    yield decoded(decoder, piece, true);
  }
  yield decoded(decoder, new Uint8Array(), false);
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new TableError('the text is not UTF-8');
  }
}
