import type { Row } from '../field';
import { readCsv } from './csv-reader';

async function read(text: string | Buffer, delimiter: ',' | '\t' = ','): Promise<{ types: string[]; rows: Row[] }> {
  const bytes = Buffer.from(text);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }
  const { fields, rows } = await readCsv(pieces, delimiter);
  const all: Row[] = [];
  for await (const some of rows) all.push(...some);
  return { types: fields.map(({ name, datatype, xtype = '' }) => `${name} ${datatype} ${xtype}`.trim()), rows: all };
}

describe('readCsv', () => {
  it('finds the type of each column', async () => {
    const text = [
      'n,big,ra,ok,at,name,code,none',
      '1,9007199254740993,10.5,true,2024-01-31T12:00:00,"a ""b"", c",007,',
      ' -2 ,-1,NaN,FALSE,2024-02-01, d,12,',
      ',,,,,,,',
    ].join('\r\n');
    const { types, rows } = await read(`\ufeff${text}\r\n`);
    expect(types).toEqual([
      'n int',
      'big long',
      'ra double',
      'ok boolean',
      'at char timestamp',
      'name unicodeChar',
      'code unicodeChar',
      'none unicodeChar',
    ]);
    expect(rows).toEqual([
      ['1', '9007199254740993', '10.5', 't', '2024-01-31T12:00:00', 'a "b", c', '007', null],
      ['-2', '-1', null, 'f', '2024-02-01', ' d', '12', null],
      [null, null, null, null, null, null, null, null],
    ]);
  });

  it('reads tabs, where quotes mean nothing, and many lines', async () => {
    expect((await read('a\tb\n1\t"x\n', '\t')).rows).toEqual([['1', '"x']]);
    const { rows } = await read(`a,b\n${'1,2\n'.repeat(20_000)}`);
    expect(rows).toHaveLength(20_000);
  });

  it.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'the table is empty'],
    ['a column without a name', 'a,,c\n1,2,3\n', 'column 2 has no name'],
    ['a line with other columns', 'a,b\n1,2\n3\n', 'not separated values: Invalid Record Length'],
    ['a quote that is not closed', 'a,b\n1,"2\n', 'not separated values: Quote Not Closed'],
    ['bytes that are no UTF-8', Buffer.from('a\nKühne\n', 'latin1'), 'not UTF-8'],
    ['a long line', `a\n${'x'.repeat(1_100_000)}`, 'exceed the maximum'],
    ['a line of many values', `a${','.repeat(5_000_000)}`, 'more than 1048576 bytes'],
    ['many columns', `a${',a'.repeat(1000)}\n`, 'more than 1000 columns'],
  ])('refuses %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'votable.bad-table',
      message: expect.stringContaining(message) as string,
    });
  });
});
