import { SaxesParser } from 'saxes';
import type { Cell, Row } from '../field';
import { Base64Text } from './base64-text';
import { BinaryRows } from './binary-rows';
import { type CellReader, cellReader } from './cell-text';
import { DeclaredFields } from './declared-fields';
import { TableError } from './table.error';
import type { TableField } from './table-field';

type Attributes = Readonly<Record<string, string>>;

/** Characters of a text or tag at most. */
const LONGEST = 1024 * 1024;
/** Elements inside each other at most. */
const DEEPEST = 32;

/**
 * The state of reading the first table of a VOTable. The text of STREAM does not pass through the XML parser, which would
 * keep all of it.
 */
export class VotableParser {
  /** The columns, once the data begin. */
  fields: readonly TableField[] | null = null;
  private readonly sax = new SaxesParser();
  private readonly declared = new DeclaredFields();
  /** The names of the open elements. */
  private readonly path: string[] = [];
  private phase: 'before' | 'in' | 'after' = 'before';
  private rows: Row[] = [];
  private rowCount = 0;
  private hasData = false;
  private isInTableData = false;
  private readers: readonly CellReader[] = [];
  private row: Cell[] = [];
  /** The text of the open TD or DESCRIPTION; null outside these. */
  private text: string | null = null;
  private isInStream = false;
  private isInTag = false;
  /** How the open STREAM is read; null if it is of another table. */
  private stream: { readonly base64: Base64Text; readonly rows: BinaryRows } | null = null;
  private sinceTag = 0;

  constructor() {
    this.sax.on('error', ({ message }) => {
      throw new TableError(`the document is not well-formed XML: line ${message}`);
    });
    this.sax.on('doctype', () => {
      throw new TableError('the document has a DOCTYPE; expected none: entities are not read');
    });
    this.sax.on('opentag', ({ name, attributes }) => this.open(localName(name), attributes));
    this.sax.on('closetag', ({ name }) => this.close(localName(name)));
    this.sax.on('text', (text) => this.addText(text));
    this.sax.on('cdata', (text) => {
      if (this.isInStream) throw new TableError('STREAM has a CDATA section; expected base64');
      this.addText(text);
    });
  }

  /** @throws TableError */
  write(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.isInStream && !this.isInTag) {
        const tag = text.indexOf('<', at);
        const end = tag < 0 ? text.length : tag;
        this.decode(text.slice(at, end));
        at = end;
        if (at === text.length) return;
      }
      // Tag by tag, except in TABLEDATA: what follows the tag of a STREAM must not reach the XML parser.
      const close = this.isInTableData ? -1 : text.indexOf('>', at);
      const end = close < 0 ? text.length : close + 1;
      this.sinceTag += end - at;
      if (this.sinceTag > LONGEST) throw new TableError(`a text or tag has more than ${LONGEST} characters`);
      const piece = text.slice(at, end);
      this.sax.write(piece);
      if (/[<>]/.test(piece)) this.isInTag = piece.lastIndexOf('<') > piece.lastIndexOf('>');
      at = end;
    }
  }

  /** @throws TableError when the document is not complete */
  end(): void {
    this.sax.close();
  }

  /** Returns the rows since the last call. */
  take(): Row[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  private open(name: string, attributes: Attributes): void {
    const parent = this.path.at(-1);
    if (parent === undefined && name !== 'VOTABLE') {
      throw new TableError(`the document is ${name}; expected VOTABLE`);
    }
    this.path.push(name);
    this.sinceTag = 0;
    if (this.path.length > DEEPEST) throw new TableError(`more than ${DEEPEST} elements are inside each other`);
    if (this.isInStream) throw new TableError(`STREAM has an element ${name}; expected base64`);
    if (name === 'TABLE' && this.phase === 'before') this.phase = 'in';
    else if (this.phase === 'in') this.openInTable(`${parent}/${name}`, attributes);
    if (name === 'STREAM') this.isInStream = true;
  }

  private openInTable(element: string, attributes: Attributes): void {
    if (element.startsWith('DATA/')) {
      if (this.hasData) throw new TableError('DATA has two elements; expected one of TABLEDATA, BINARY and BINARY2');
      this.hasData = true;
    }
    switch (element) {
      case 'TABLE/FIELD':
        return this.declared.add(attributes);
      case 'FIELD/VALUES':
        return this.declared.values(attributes);
      case 'FIELD/DESCRIPTION':
        this.text = '';
        return;
      case 'TABLE/DATA':
        if (this.fields !== null) throw new TableError('TABLE has two elements DATA');
        this.fields = this.declared.all();
        return;
      case 'DATA/TABLEDATA':
        this.isInTableData = true;
        this.readers = (this.fields ?? []).map(cellReader);
        return;
      case 'TABLEDATA/TR':
        this.row = [];
        return;
      case 'TR/TD':
        if (attributes['encoding'] !== undefined) throw new TableError('TD has an encoding; expected plain text');
        this.text = '';
        return;
      case 'BINARY/STREAM':
      case 'BINARY2/STREAM':
        return this.openStream(attributes, element.startsWith('BINARY2'));
      case 'DATA/FITS':
      case 'DATA/PARQUET':
        throw new TableError(
          `the data are ${element.slice(5)}; expected TABLEDATA, BINARY or BINARY2 (VOTable 1.4, 5)`,
        );
      default:
        if (this.isInTableData) throw new TableError(`${element} is in TABLEDATA; expected TR and TD`);
    }
  }

  private openStream({ href, encoding }: Attributes, hasMask: boolean): void {
    if (href !== undefined) throw new TableError('STREAM has an href; expected the data in the document');
    if (encoding !== 'base64') {
      throw new TableError(`STREAM has the encoding '${encoding ?? 'none'}'; expected base64 (VOTable 1.4, 5.3)`);
    }
    this.stream = { base64: new Base64Text(), rows: new BinaryRows(this.fields ?? [], hasMask) };
  }

  private close(name: string): void {
    this.path.pop();
    this.sinceTag = 0;
    if (name === 'STREAM') {
      this.stream?.base64.end();
      this.stream?.rows.end();
      this.stream = null;
      this.isInStream = false;
    }
    if (this.phase !== 'in') return;
    if (name === 'TD') this.closeCell();
    else if (name === 'TR') this.closeRow();
    else if (name === 'TABLEDATA') this.isInTableData = false;
    else if (name === 'DESCRIPTION' && this.text !== null) this.declared.describe(this.text);
    else if (name === 'TABLE') {
      this.fields ??= this.declared.all();
      this.phase = 'after';
    }
    if (name !== 'TR') this.text = null;
  }

  private closeCell(): void {
    const index = this.row.length;
    const reader = this.readers[index];
    if (reader === undefined) throw this.wrongRow(`more cells than the ${this.readers.length} columns`);
    try {
      this.row.push(reader(this.text ?? ''));
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      throw new TableError(`row ${this.rowCount + 1}, column ${this.fields?.[index]?.name}: ${error.message}`);
    }
  }

  private closeRow(): void {
    if (this.row.length < this.readers.length) {
      throw this.wrongRow(`${this.row.length} cells; expected ${this.readers.length}, as many as columns`);
    }
    this.rows.push(this.row);
    this.rowCount += 1;
  }

  private wrongRow(problem: string): TableError {
    return new TableError(`row ${this.rowCount + 1} has ${problem}`);
  }

  private addText(text: string): void {
    if (this.text !== null) this.text += text;
  }

  private decode(text: string): void {
    if (this.stream === null) return;
    for (const row of this.stream.rows.push(this.stream.base64.push(text))) this.rows.push(row);
  }
}

/** Returns the name of an element without its prefix. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
