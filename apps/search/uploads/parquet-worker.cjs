// Reads a Parquet file on a thread of its own, whose memory is limited: a hostile file ends the thread, not the service.
// Plain JavaScript, so that Node starts it from this file under jest as well as in `dist`.
'use strict';
const { readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { brotliDecompressSync, gunzipSync, zstdDecompressSync } = require('node:zlib');

/**
 * With `wants` `head` it answers with `{ columns, metadata }` and ends; with `rows` it answers each message with the next
 * rows, and `null` after the last. A fault is answered with `{ fault }`.
 * @type {{ fd: number, size: number, wants: 'head' | 'rows', mostRows: number, mostColumns: number }}
 */
const { fd, size, wants, mostRows, mostColumns } = workerData;
/** Bytes of a page, and of a column in a row group, at most, uncompressed. */
const PAGE = 64 * 1024 * 1024;
const CHUNK = 128 * 1024 * 1024;
const BATCH = 500;

const file = {
  byteLength: size,
  slice(start, end = size) {
    const [from, to] = [start, end].map((place) => Math.max(0, Math.min(size, place < 0 ? size + place : place)));
    const bytes = new Uint8Array(Math.max(0, to - from));
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(fd, bytes, done, bytes.length - done, from + done);
      if (count === 0) throw new Error('the file is cut');
      done += count;
    }
    return bytes.buffer;
  },
};

const limited = (decompress) => (input, length) => {
  if (!(length >= 0 && length <= PAGE)) throw new Error(`a page has ${length} bytes; expected at most ${PAGE}`);
  return decompress(input, { maxOutputLength: length });
};
const compressors = {
  GZIP: limited(gunzipSync),
  BROTLI: limited(brotliDecompressSync),
  ...(zstdDecompressSync !== undefined && { ZSTD: limited(zstdDecompressSync) }),
};

/** Returns how VOTable names the type of a leaf; null for one that a table of the VO has not. */
function datatypeOf({ type, converted_type: converted, logical_type: logical }) {
  const meaning = logical?.type ?? converted ?? '';
  if (/^TIMESTAMP/.test(meaning) || type === 'INT96') return 'timestamp';
  if (meaning === 'DATE') return 'date';
  if (meaning === 'DECIMAL' || meaning === 'FLOAT16') return 'double';
  switch (type) {
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
      return /UINT_32/.test(converted ?? '') ? 'long' : /^U?INT_(8|16)$/.test(converted ?? '') ? 'short' : 'int';
    case 'INT64':
      return 'long';
    case 'FLOAT':
      return 'float';
    case 'DOUBLE':
      return 'double';
    case 'BYTE_ARRAY':
      return meaning === '' || /^(UTF8|STRING|ENUM|JSON)$/.test(meaning) ? 'text' : null;
    default:
      return null;
  }
}

function columnOf(node) {
  const { name } = node.element;
  if (node.children.length === 0 && node.element.repetition_type !== 'REPEATED') {
    return { name, datatype: datatypeOf(node.element), isList: false };
  }
  const list = node.children.length === 1 ? node.children[0] : undefined;
  const leaf = list?.children.length === 1 ? list.children[0] : list;
  const isList = leaf !== undefined && leaf.children.length === 0;
  const datatype = isList ? datatypeOf(leaf.element) : null;
  return { name, datatype: datatype === 'text' ? null : datatype, isList };
}

const TEXTS = {
  boolean: (value) => (value ? 't' : 'f'),
  timestamp: (value) => (value instanceof Date ? value.toISOString().slice(0, -1) : String(value)),
  date: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value)),
};

function cellOf({ datatype, isList }, value) {
  if (value === null || value === undefined) return null;
  const one = TEXTS[datatype] ?? String;
  if (!isList) return one(value);
  return value.length === 0 ? null : Array.from(value, (item) => (item === null ? 'NaN' : one(item))).join(' ');
}

/** The library believes what the headers of pages say of their length. @throws Error */
function checkChunk(header, { meta_data: data }, rows) {
  const start = Number(data.dictionary_page_offset || data.data_page_offset);
  const reader = { view: new DataView(file.slice(start, start + Number(data.total_compressed_size))), offset: 0 };
  let [values, bytes] = [0, 0];
  while (reader.offset < reader.view.byteLength - 1) {
    const page = header(reader);
    const stated = page.data_page_header ?? page.data_page_header_v2;
    const count = (stated ?? page.dictionary_page_header)?.num_values;
    if (!(count >= 0 && count <= Math.max(rows * 1000, 1000))) throw new Error(`a page has ${count} values`);
    if (stated !== undefined) values += count;
    if (!(page.uncompressed_page_size >= 0 && page.uncompressed_page_size <= PAGE)) {
      throw new Error(`a page has ${page.uncompressed_page_size} bytes; expected at most ${PAGE}`);
    }
    bytes += page.uncompressed_page_size;
    if (bytes > CHUNK) throw new Error(`a column of a row group has more than ${CHUNK} bytes; use smaller row groups`);
    if (!(page.compressed_page_size >= 0)) throw new Error('a page has no size');
    reader.offset += page.compressed_page_size;
  }
  if (values > Number(data.num_values)) throw new Error('a column has more values than it states');
}

async function main() {
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const { parquetHeader } = await import('hyparquet/src/column.js');
  const metadata = await parquetMetadataAsync(file);
  const columns = parquetSchema(metadata).children.map(columnOf);
  const rowCount = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (columns.length > mostColumns) throw new Error(`the table has more than ${mostColumns} columns`);
  if (!(rowCount >= 0 && rowCount <= mostRows)) throw new Error(`the table has more than ${mostRows} rows`);
  const nested = columns.find(({ datatype }) => datatype === null);
  if (nested !== undefined) throw new Error(`column ${nested.name} has a type that VOTable does not have`);
  if (wants === 'head') {
    const texts = (metadata.key_value_metadata ?? []).filter(({ key }) => /^IVOA\./.test(key));
    parentPort.postMessage({ columns, metadata: Object.fromEntries(texts.map(({ key, value }) => [key, value])) });
    return;
  }
  const requests = queueOf();
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    for (const chunk of group.columns) checkChunk(parquetHeader, chunk, count);
    let rows = [];
    const onComplete = (all) => void (rows = all);
    await parquetRead({
      file,
      metadata,
      rowStart,
      rowEnd: rowStart + count,
      compressors,
      rowFormat: 'array',
      onComplete,
    });
    rowStart += count;
    for (let at = 0; at < rows.length; at += BATCH) {
      await requests();
      const some = rows.slice(at, at + BATCH);
      parentPort.postMessage({ rows: some.map((row) => columns.map((column, index) => cellOf(column, row[index]))) });
    }
  }
  await requests();
  parentPort.postMessage({ rows: null });
}

/** Returns a function that waits for the next message. */
function queueOf() {
  let waiting = 0;
  let wake = () => undefined;
  parentPort.on('message', () => {
    waiting += 1;
    wake();
  });
  return async () => {
    while (waiting === 0) await new Promise((resolve) => void (wake = resolve));
    waiting -= 1;
  };
}

main()
  .catch((error) => parentPort.postMessage({ fault: String(error?.message ?? error).slice(0, 300) }))
  .finally(() => parentPort.close());
