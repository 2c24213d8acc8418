/** What ends a row, and is nowhere else: texts may have line feeds in TABLEDATA and CSV. */
const ROW_ENDS = { 'votable/td': '</TR>', csv: '\r\n', tsv: '\n', jsonl: '\n' };

/** Counts the rows of a result on the way: rows of BINARY2 by their lengths, others by what ends them. */
export class RowCounter {
  rows = 0;
  head = '';
  isHead = true;
  /** The last bytes of a piece, which may be the start of a row's end. */
  tail = Buffer.alloc(0);
  base64 = '';
  bytes = Buffer.alloc(0);

  constructor(format) {
    this.format = format;
    this.end = ROW_ENDS[format];
    // The line of names.
    if (format === 'csv' || format === 'tsv') this.rows = -1;
  }

  add(piece) {
    if (this.end === undefined) return this.addBinary(piece.toString('latin1'));
    const { end } = this;
    const before = this.tail.length;
    const seam = Buffer.concat([this.tail, piece.subarray(0, end.length - 1)]);
    this.rows += occurrences(seam, end) + occurrences(piece, end);
    this.tail = piece.length + before < end.length ? seam : piece.subarray(piece.length - end.length + 1);
  }

  addBinary(text) {
    let rest = text;
    if (this.isHead) {
      this.head += text;
      const at = this.head.indexOf('<STREAM encoding="base64">\n');
      if (at < 0) return;
      this.isHead = false;
      this.widths = fieldWidths(this.head);
      rest = this.head.slice(at + 27);
    }
    const end = rest.indexOf('\n');
    const characters = this.base64 + (end < 0 ? rest : rest.slice(0, end));
    const whole = end < 0 ? characters.length - (characters.length % 4) : characters.length;
    this.base64 = characters.slice(whole);
    this.countRows(Buffer.concat([this.bytes, Buffer.from(characters.slice(0, whole), 'base64')]));
    if (end >= 0) this.add = () => undefined;
  }

  countRows(bytes) {
    const mask = Math.ceil(this.widths.length / 8);
    let start = 0;
    for (;;) {
      let at = start + mask;
      for (const { width, counted } of this.widths) {
        if (counted && at + 4 > bytes.length) return (this.bytes = bytes.subarray(start));
        at += counted ? 4 + width * bytes.readUInt32BE(at) : width;
      }
      if (at > bytes.length || start === bytes.length) return (this.bytes = bytes.subarray(start));
      this.rows += 1;
      start = at;
    }
  }
}

function occurrences(piece, end) {
  let count = 0;
  for (let at = piece.indexOf(end); at >= 0; at = piece.indexOf(end, at + end.length)) count += 1;
  return count;
}

function fieldWidths(head) {
  const sizes = { boolean: 1, short: 2, int: 4, long: 8, float: 4, double: 8, char: 1, unicodeChar: 2 };
  return [...head.matchAll(/<FIELD [^>]*>/g)].map(([field]) => {
    const width = sizes[/datatype="(\w+)"/.exec(field)[1]];
    const size = /arraysize="([^"]+)"/.exec(field)?.[1] ?? '1';
    return size.endsWith('*') ? { width, counted: true } : { width: width * Number(size), counted: false };
  });
}
