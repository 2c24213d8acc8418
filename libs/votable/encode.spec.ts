import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { encode } from './encode';
import type { Field, Row } from './field';
import { formatNamed } from './format';
import { rowsOf, TEXT_ROWS } from './row-batch';

const FIELDS: Field[] = [
  { name: 'obs_id', datatype: 'char', arraysize: '64*' },
  { name: 'title', datatype: 'unicodeChar', arraysize: '*' },
  { name: 'n', datatype: 'int' },
  { name: 'ra', datatype: 'double', unit: 'deg' },
  { name: 'ok', datatype: 'boolean' },
  { name: 'code', datatype: 'char', arraysize: '4' },
  { name: 'at', datatype: 'char', arraysize: '*', xtype: 'adql:TIMESTAMP' },
];
const ROWS: Row[] = [
  ['a,"b"', 'Kühne & <Söhne>', '42', '-Infinity', 't', 'ALMA', '2015-12-05 00:00:00'],
  [null, 'tab\tnew\nline', null, 'NaN', null, 'JAO', null],
];

async function* batches(...all: (Row[] | Error)[]): AsyncGenerator<Row[]> {
  for (const batch of all) {
    if (batch instanceof Error) throw batch;
    yield batch;
  }
}

async function encoded(name: string, source: AsyncIterable<readonly Row[]>, limit = 1000): Promise<string> {
  const encoder = formatNamed(name)?.encoder(FIELDS);
  if (encoder === undefined) throw new Error(`no format ${name}`);
  const pieces: Buffer[] = [];
  for await (const piece of encode(encoder, source, limit, (error) => (error as Error).message))
    pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

describe('encode', () => {
  it('writes TABLEDATA that XML can contain', async () => {
    const text = await encoded('votable', batches(ROWS));
    expect(text).toContain('<VOTABLE version="1.4"');
    expect(text).toContain('<FIELD name="ra" datatype="double" unit="deg"/>');
    expect(text).toContain(
      '<TR><TD>a,"b"</TD><TD>Kühne &amp; &lt;Söhne&gt;</TD><TD>42</TD><TD>-Inf</TD><TD>true</TD><TD>ALMA</TD>' +
        '<TD>2015-12-05T00:00:00</TD></TR>',
    );
    expect(text).toContain('<TR><TD/><TD>tab\tnew\nline</TD><TD/><TD>NaN</TD><TD/><TD>JAO</TD><TD/></TR>');
  });

  it('writes CSV, TSV and JSON Lines', async () => {
    expect((await encoded('csv', batches(ROWS))).split('\r\n')).toEqual([
      'obs_id,title,n,ra,ok,code,at',
      '"a,""b""",Kühne & <Söhne>,42,-Infinity,t,ALMA,2015-12-05T00:00:00',
      ',"tab\tnew\nline",,NaN,,JAO,',
      '',
    ]);
    expect(await encoded('TSV', batches(ROWS))).toContain('\n\ttab new line\t\tNaN\t\tJAO\t\n');
    const lines = (await encoded('application/jsonl', batches(ROWS))).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { obs_id: 'a,"b"', title: 'Kühne & <Söhne>', n: 42, ra: null, ok: true, code: 'ALMA', at: '2015-12-05T00:00:00' },
      { obs_id: null, title: 'tab\tnew\nline', n: null, ra: null, ok: null, code: 'JAO', at: null },
    ]);
  });

  it('writes BINARY2 whose pieces are one base64 text', async () => {
    const once = await encoded('votable/b2', batches(ROWS));
    const byRow = await encoded('votable/b2', batches(...ROWS.map((row) => [row])));
    expect(byRow).toBe(once);
    const base64 = /<STREAM encoding="base64">\s*(\S*)\s*<\/STREAM>/.exec(once)?.[1] ?? '';
    const bytes = Buffer.from(base64, 'base64');
    expect(bytes[0]).toBe(0);
    expect(bytes.readUInt32BE(1)).toBe(5);
    expect(bytes.toString('latin1', 5, 10)).toBe('a,"b"');
    expect(bytes.readUInt32BE(10)).toBe(15);
    expect(bytes.subarray(14, 44).swap16().toString('utf16le')).toBe('Kühne & <Söhne>');
    expect(bytes.readInt32BE(44)).toBe(42);
    expect(bytes.readDoubleBE(48)).toBe(-Infinity);
    expect(bytes.toString('latin1', 56, 61)).toBe('TALMA');
    expect(bytes.readUInt32BE(61)).toBe(19);
    const second = 65 + 19;
    expect(bytes[second]).toBe(0b10101010);
    expect(bytes.length).toBe(second + 1 + 4 + 4 + 2 * 12 + 4 + 8 + 1 + 4 + 4);
  });

  it('writes arrays as BINARY2', async () => {
    const fields: Field[] = [
      { name: 'p', datatype: 'double', arraysize: '2', xtype: 'point' },
      { name: 'g', datatype: 'float', arraysize: '*' },
    ];
    const binary = formatNamed('votable/b2')?.encoder(fields);
    if (binary === undefined) throw new Error('no format');
    binary.begin();
    const batch = binary.form.batchOf([
      ['1.5 -2', '1 2 3'],
      [null, null],
    ]);
    const base64 = `${Buffer.from(binary.rows(batch)).toString()}${binary.end({ status: 'OK' }) as string}`;
    const bytes = Buffer.from(base64.replace(/<[^]*/, ''), 'base64');
    expect([bytes.readDoubleBE(1), bytes.readDoubleBE(9)]).toEqual([1.5, -2]);
    expect([bytes.readUInt32BE(17), bytes.readFloatBE(21), bytes.readFloatBE(29)]).toEqual([3, 1, 3]);
    expect([bytes[33], bytes.readUInt32BE(50), bytes.length]).toEqual([0b11000000, 0, 54]);
  });

  it('writes Parquet with the description of its columns', async () => {
    const fields: Field[] = [
      ...FIELDS,
      { name: 'p', datatype: 'double', arraysize: '2' },
      { name: 'n', datatype: 'long' },
    ];
    const rows = ROWS.map((row) => [...row, row[0] === null ? null : '1.5 2', '9007199254740993']);
    const encoder = formatNamed('parquet')?.encoder(fields);
    if (encoder === undefined) throw new Error('no format parquet');
    const pieces: Buffer[] = [];
    // More than one row group.
    const many = Array.from({ length: 100 }, () => rows.map((row) => ['x'.repeat(30_000), ...row.slice(1)]));
    const limit = 150;
    for await (const piece of encode(encoder, batches(...many), limit, String)) pieces.push(Buffer.from(piece));
    const file = Uint8Array.from(Buffer.concat(pieces)).buffer;
    const metadata = parquetMetadata(file);
    expect([metadata.row_groups.length, Number(metadata.num_rows)]).toEqual([2, limit]);
    const texts = Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value]));
    expect(texts['IVOA.VOTable-Parquet.version']).toBe('1.0');
    expect(texts['IVOA.VOTable-Parquet.content']).toMatch(
      /<FIELD name="ra" datatype="double" unit="deg"\/>[^]*<\/TABLE>\n<INFO name="QUERY_STATUS" value="OVERFLOW"\/>/,
    );
    const read = await parquetReadObjects({ file });
    expect(read).toHaveLength(limit);
    expect({ ...read[0], obs_id: 'x' }).toEqual({
      obs_id: 'x',
      title: 'Kühne & <Söhne>',
      n: 42,
      ra: -Infinity,
      ok: true,
      code: 'ALMA',
      at: '2015-12-05T00:00:00',
      p: [1.5, 2],
      n_2: 9007199254740993n,
    });
    expect(read[1]).toMatchObject({ n: null, ra: NaN, ok: null, at: null });
    expect(read[1]?.['p'] ?? null).toBeNull();
  });

  it('ends BINARY2 after the last row that the limit allows', async () => {
    const [first, cut] = [batches(ROWS.slice(0, 1)), batches(ROWS)];
    const rowsOnly = (text: string): string => text.replace(/^[^]*<STREAM[^>]*>|<\/STREAM>[^]*$/g, '');
    expect(rowsOnly(await encoded('votable/b2', cut, 1))).toBe(rowsOnly(await encoded('votable/b2', first)));
  });

  it.each([
    [1, 'OVERFLOW'],
    [0, 'OVERFLOW'],
    [2, 'OK'],
  ])('with a limit of %i of 2 rows ends with %s', async (limit, status) => {
    const text = await encoded('votable', batches(ROWS), limit);
    expect(text.match(/<TR>/g)?.length ?? 0).toBe(limit);
    expect([...text.matchAll(/QUERY_STATUS" value="(\w+)"/g)].map(([, value]) => value)).toEqual(
      status === 'OK' ? ['OK'] : ['OK', status],
    );
  });

  it('ends a VOTable as well-formed when a fault comes after rows, and interrupts other formats', async () => {
    const text = await encoded('votable', batches(ROWS, new Error('disk < full')));
    expect(text).toMatch(
      /<INFO name="QUERY_STATUS" value="ERROR">disk &lt; full<\/INFO>\n<\/RESOURCE>\n<\/VOTABLE>\n$/,
    );
    await expect(encoded('csv', batches(ROWS, new Error('disk full')))).rejects.toThrow('disk full');
  });

  it('knows a format by its names and media types', () => {
    expect(formatNamed('application/x-votable+xml; serialization="BINARY2"')?.names).toEqual(['votable/b2']);
    expect(formatNamed('text/csv')?.names).toEqual(['csv']);
    expect(formatNamed('image/fits')).toBeUndefined();
  });
});

describe('a batch', () => {
  it('keeps every character of a text, and what is missing', () => {
    const rows: Row[] = [
      ['back\\slash', '\\N', null, ''],
      ['tab\tline\nreturn\r', '\b\f\v', 'é\u{1f30c}', '0'],
    ];
    expect(rowsOf(TEXT_ROWS.batchOf(rows))).toEqual(rows);
  });

  it.each(['votable', 'votable/b2', 'csv', 'tsv', 'jsonl'])(
    'is written as %s whatever its texts have',
    async (name) => {
      const texts = ['\u0001\ufffe\uffff', '\ud83c\udf0c', '\\N', 'a\\b', '', '\u00ef\u00bf', 'x'.repeat(5000)];
      const fields: Field[] = [
        { name: 'text', datatype: 'unicodeChar', arraysize: '*' },
        { name: 'ascii', datatype: 'char', arraysize: '3' },
        { name: 'n', datatype: 'long' },
        { name: 'position', datatype: 'double', arraysize: '2', xtype: 'point' },
      ];
      const rows: Row[] = texts.map((text) => [text, text, '-9007199254740993', '1.5 -2']);
      const encoder = formatNamed(name)?.encoder(fields);
      if (encoder === undefined) throw new Error(`no format ${name}`);
      const text = Buffer.from(encoder.rows(encoder.form.batchOf(rows))).toString();
      if (name === 'votable') {
        expect(text).toContain('<TD>\ufffd\ufffd\ufffd</TD>');
        expect(text).toContain('<TD>-9007199254740993</TD><TD>1.5 -2</TD>');
      } else if (name === 'jsonl') {
        const lines = text.trimEnd().split('\n');
        expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(texts);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({ position: [1.5, -2] });
      } else if (name === 'votable/b2') {
        const bytes = Buffer.from(text + String(encoder.end({ status: 'OK' })).split('\n')[0], 'base64');
        const numbers = bytes.subarray(1 + 4 + 6 + 3);
        expect([numbers.readBigInt64BE(0), numbers.readDoubleBE(8), numbers.readDoubleBE(16)]).toEqual([
          -9007199254740993n,
          1.5,
          -2,
        ]);
        const units = texts.reduce((sum, { length }) => sum + length, 0);
        expect(bytes.length).toBe(texts.length * (1 + 4 + 3 + 8 + 16) + 2 * units);
      } else {
        expect(text.split('\n')).toHaveLength(texts.length + 1);
      }
    },
  );
});
