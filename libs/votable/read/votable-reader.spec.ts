import { encode } from '../encode';
import type { Field, Row } from '../field';
import { formatNamed } from '../format';
import { readVotable } from './votable-reader';

interface Read {
  fields: unknown[];
  rows: Row[];
}

async function read(document: string | Buffer, piece = 7): Promise<Read> {
  const bytes = Buffer.from(document);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  const { fields, rows } = await readVotable(pieces());
  const all: Row[] = [];
  for await (const some of rows) all.push(...some);
  return { fields: fields.map(({ name, datatype, arraysize }) => [name, datatype, arraysize]), rows: all };
}

function table(fields: string, data: string): string {
  return `<?xml version="1.0"?><VOTABLE version="1.4"><RESOURCE><TABLE>${fields}<DATA>${data}</DATA></TABLE></RESOURCE></VOTABLE>`;
}

function field(datatype: string, arraysize = '', content = ''): string {
  const size = arraysize === '' ? '' : ` arraysize="${arraysize}"`;
  return `<FIELD name="c" datatype="${datatype}"${size}>${content}</FIELD>`;
}

function cells(...values: string[]): string {
  return `<TABLEDATA>${values.map((value) => `<TR><TD>${value}</TD></TR>`).join('')}</TABLEDATA>`;
}

function stream(bytes: Buffer, kind = 'BINARY2'): string {
  return `<${kind}><STREAM encoding="base64">\n${bytes.toString('base64').replace(/(.{20})/g, '$1\n ')}\n</STREAM></${kind}>`;
}

describe('readVotable', () => {
  const FIELDS: Field[] = [
    { name: 'id', datatype: 'char', arraysize: '*' },
    { name: 'title', datatype: 'unicodeChar', arraysize: '20*' },
    { name: 'n', datatype: 'int' },
    { name: 'big', datatype: 'long' },
    { name: 'small', datatype: 'short' },
    { name: 'ra', datatype: 'double' },
    { name: 'flux', datatype: 'float' },
    { name: 'ok', datatype: 'boolean' },
    { name: 'code', datatype: 'char', arraysize: '4' },
  ];
  const ROWS: Row[] = [
    ['a<b>&', 'Kühne ☉', '-42', '9007199254740993', '7', '-Infinity', '0.5', 't', 'ALMA'],
    [null, null, null, null, null, null, null, null, null],
    ['z', 'tab\tnew', '0', '-1', '-32768', '1e-300', '3.25', 'f', 'JAO'],
  ];

  it.each(['votable', 'votable/b2'])('reads what the archive writes as %s, in pieces of any size', async (name) => {
    async function* batches(): AsyncGenerator<Row[]> {
      yield ROWS;
    }
    const encoder = formatNamed(name)?.encoder(FIELDS);
    if (encoder === undefined) throw new Error(`no format ${name}`);
    const pieces: Buffer[] = [];
    for await (const piece of encode(encoder, batches(), 10, String)) pieces.push(Buffer.from(piece));
    for (const size of [1, 64, 100_000]) {
      const { fields, rows } = await read(Buffer.concat(pieces), size);
      expect(fields).toEqual(FIELDS.map(({ name: column, datatype, arraysize }) => [column, datatype, arraysize]));
      expect(rows).toEqual(ROWS);
    }
  });

  it('reads every type of TABLEDATA', async () => {
    const all: [string, string, string, string | null][] = [
      ['boolean', '', ' True ', 't'],
      ['boolean', '', '?', null],
      ['boolean', '*', 'T f ?', 't f ?'],
      ['bit', '', '1', '1'],
      ['bit', '8', '1 0 1 0 0 0 0 1', '1 0 1 0 0 0 0 1'],
      ['unsignedByte', '', '255', '255'],
      ['unsignedByte', '', '0xFF', '255'],
      ['short', '', '+12', '12'],
      ['long', '', '-9223372036854775808', '-9223372036854775808'],
      ['float', '', 'NaN', null],
      ['double', '', '+Inf', 'Infinity'],
      ['double', '', ' .5E1 ', '5'],
      ['double', '2', '1.5 NaN', '1.5 NaN'],
      ['double', '2x*', '1 2 3 4', '1 2 3 4'],
      ['double', '1', '3', '3'],
      ['floatComplex', '', '1 -2', '1 -2'],
      ['char', '', 'x', 'x'],
      ['char', '3x2', 'abcdef', 'abcdef'],
      ['unicodeChar', '*', '<![CDATA[<☉>]]>', '<☉>'],
      ['char', '*', '', null],
    ];
    for (const [datatype, arraysize, text, expected] of all) {
      const { rows } = await read(table(field(datatype, arraysize), cells(text)));
      expect([datatype, text, rows]).toEqual([datatype, text, [[expected]]]);
    }
  });

  it('reads the types of BINARY, where a null value and NaN are missing', async () => {
    const number = Buffer.alloc(4);
    number.writeInt32BE(-99);
    const missing = '<VALUES null="-99"/>';
    expect((await read(table(field('int', '', missing), stream(number, 'BINARY')))).rows).toEqual([[null]]);
    const nan = Buffer.alloc(8);
    nan.writeDoubleBE(NaN);
    expect((await read(table(field('double'), stream(nan, 'BINARY')))).rows).toEqual([[null]]);
    const position = Buffer.alloc(16);
    position.writeDoubleBE(10.5, 0);
    position.writeDoubleBE(-20, 8);
    const point = field('double', '2');
    expect((await read(table(point, stream(Buffer.concat([position, position]), 'BINARY')))).rows).toEqual([
      ['10.5 -20'],
      ['10.5 -20'],
    ]);
    const bits = table(field('bit', '10'), stream(Buffer.from([0, 0b10000001, 0b01000000])));
    expect((await read(bits)).rows).toEqual([['1 0 0 0 0 0 0 1 0 1']]);
    expect((await read(table(field('bit'), stream(Buffer.from([0x08, 0]), 'BINARY')))).rows).toEqual([['1'], ['0']]);
    const texts = Buffer.from('\0\0\0\0\x02hi\x80\0\0\0\0\0\0\0\0\x02yo', 'latin1');
    expect((await read(table(field('char', '*'), stream(texts)))).rows).toEqual([['hi'], [null], ['yo']]);
  });

  it('reads other encodings of the document, and tables without data', async () => {
    const document = table(field('unicodeChar', '*'), cells('Kühne'));
    const latin = document.replace('?>', ' encoding="ISO-8859-1"?>');
    expect((await read(Buffer.from(latin, 'latin1'))).rows).toEqual([['Kühne']]);
    expect((await read(Buffer.from(`\ufeff${document}`, 'utf16le'))).rows).toEqual([['Kühne']]);
    const empty = '<VOTABLE><RESOURCE><TABLE><FIELD name="c" datatype="int"/></TABLE></RESOURCE></VOTABLE>';
    expect(await read(empty)).toEqual({ fields: [['c', 'int', undefined]], rows: [] });
  });

  it('reads the first of several tables, whose elements have a prefix', async () => {
    const later = `<v:TABLE><v:FIELD name="d" datatype="char"/><v:DATA><v:BINARY><v:STREAM href="file:///etc/passwd">${'A'.repeat(3_000_000)}</v:STREAM></v:BINARY></v:DATA></v:TABLE>`;
    const first =
      '<v:TABLE><v:PARAM name="p" datatype="int" value="1"><v:VALUES null="1"/></v:PARAM><v:FIELD name="c" datatype="int"><v:DESCRIPTION>d</v:DESCRIPTION></v:FIELD><v:DATA><v:TABLEDATA><v:TR><v:TD>1</v:TD></v:TR></v:TABLEDATA></v:DATA></v:TABLE>';
    const document = `<v:VOTABLE xmlns:v="http://www.ivoa.net/xml/VOTable/v1.3"><v:RESOURCE>${first}${later}</v:RESOURCE></v:VOTABLE>`;
    expect((await read(document, 65_536)).rows).toEqual([['1']]);
  });

  const int = field('int');
  const pair = Buffer.from([0, 0, 0, 0, 1]);
  it.each<[string, string | Buffer, string]>([
    ['no XML', 'ra,dec\n1,2\n', 'not well-formed XML'],
    ['another document', '<html/>', 'is html; expected VOTABLE'],
    ['no table', '<VOTABLE/>', 'no TABLE'],
    ['a DOCTYPE', '<!DOCTYPE VOTABLE [<!ENTITY a "aaaa">]><VOTABLE/>', 'has a DOCTYPE'],
    ['an entity', table(int, cells('&a;')), 'not well-formed'],
    ['deep nesting', `<VOTABLE>${'<RESOURCE>'.repeat(50)}`, 'inside each other'],
    ['an endless tag', `<VOTABLE a="${'x'.repeat(1_100_000)}"`, 'has more than 1048576'],
    ['an endless text', `<VOTABLE><DESCRIPTION>${'x'.repeat(1_100_000)}`, 'has more than 1048576'],
    ['an endless cell', table(field('char', '*'), cells('x'.repeat(1_100_000))), '1100000 characters'],
    ['a cut document', table(int, cells('1')).slice(0, -20), 'not well-formed'],
    ['a cut table', '<VOTABLE><RESOURCE><TABLE><FIELD name="c" datatype="int"/>', 'not well-formed'],
    ['bytes of another encoding', Buffer.from(table(field('char', '*'), cells('Kühne')), 'latin1'), 'not utf-8'],
    ['an unknown encoding', '<?xml version="1.0" encoding="EBCDIC"?><VOTABLE/>', "the encoding 'EBCDIC'"],
    ['an unknown type', table(field('quad'), cells('1')), "the datatype 'quad'"],
    ['an arraysize that is no size', table(field('int', 'many'), cells('1')), "arraysize 'many'"],
    ['a huge arraysize', table(field('int', '999999999'), stream(pair)), 'at most 1000000 values'],
    ['a huge product', table(field('int', '999999999x999999999x0'), stream(pair)), 'at most 1000000 values'],
    ['rows without bytes', table(field('int', '0'), stream(Buffer.alloc(9), 'BINARY')), 'the rows have no bytes'],
    ['a wrong number of values', table(field('int', '3'), cells('1 2')), 'row 1, column c: 2 values; expected 3'],
    ['a text that is too long', table(field('char', '3'), cells('abcd')), 'row 1, column c: 4 characters'],
    [
      'a billion values',
      table(field('int', '*'), stream(Buffer.from([0, 59, 154, 202, 0]))),
      'row 1, column c: 1000000000',
    ],
    ['more cells than columns', table(int, '<TABLEDATA><TR><TD>1</TD><TD>2</TD></TR></TABLEDATA>'), 'row 1 has more'],
    ['fewer cells than columns', table(int, '<TABLEDATA><TR></TR></TABLEDATA>'), 'row 1 has 0 cells'],
    ['a text instead of a number', table(int, cells('1', 'x')), "row 2, column c: 'x' is no whole number"],
    ['a number out of range', table(int, cells('3000000000')), 'outside the range of int'],
    ['an infinite number', table(field('double'), cells('1e999')), 'too large'],
    ['bad base64', table(int, '<BINARY2><STREAM encoding="base64">AAAA!AAA</STREAM></BINARY2>'), 'not base64'],
    ['cut base64', table(int, '<BINARY2><STREAM encoding="base64">AAAAAAA</STREAM></BINARY2>'), 'inside a group'],
    ['a cut row', table(int, stream(pair.subarray(1))), 'row 1: 4 bytes; expected a whole row'],
    ['a boolean that is none', table(field('boolean'), stream(Buffer.from([0, 88]))), 'the byte 88'],
    ['data elsewhere', table(int, '<BINARY2><STREAM href="http://a/b"/></BINARY2>'), 'has an href'],
    ['compressed data', table(int, '<BINARY2><STREAM encoding="gzip"/></BINARY2>'), "the encoding 'gzip'"],
    ['FITS', table(int, '<FITS/>'), 'the data are FITS'],
    [
      'an element in base64',
      table(int, '<BINARY2><STREAM encoding="base64"><TR/></STREAM></BINARY2>'),
      'an element TR',
    ],
    [
      'a cell with an encoding',
      table(int, '<TABLEDATA><TR><TD encoding="base64">AA</TD></TR></TABLEDATA>'),
      'TD has an',
    ],
    ['data in two forms', table(int, `${cells('1')}${stream(pair)}`), 'DATA has two elements'],
    ['rows in rows', table(int, '<TABLEDATA><TR><TR/></TR></TABLEDATA>'), 'TR/TR is in TABLEDATA'],
  ])('refuses %s', async (_what, document, message) => {
    await expect(read(document, 65_536)).rejects.toThrow(message);
    await expect(read(document, 65_536)).rejects.toMatchObject({ code: 'votable.bad-table' });
  });
});
