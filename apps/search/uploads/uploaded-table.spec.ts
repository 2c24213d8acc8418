import { exampleRows, exampleTable } from './testing/example-tables';
import { SpoolFile } from './spool-file';
import { UploadedTable } from './uploaded-table';

async function linesOf(
  content: Buffer | string,
  mediaType: string | null = null,
): Promise<{ sql: string; lines: string[] }> {
  const file = await SpoolFile.create();
  let table: UploadedTable | undefined;
  try {
    await file.append(Buffer.from(content));
    table = await UploadedTable.of('t', mediaType, file, 1);
    let text = '';
    for await (const piece of table.lines()) text += piece.toString();
    return { sql: table.creation, lines: text.split('\n').slice(0, -1) };
  } finally {
    await table?.close();
    await file.close();
  }
}

describe('UploadedTable', () => {
  const SQL =
    'CREATE TEMPORARY TABLE upload_1 (c1 integer, c2 double precision, c3 text, c4 timestamp, ' +
    'c5 double precision[], c6 boolean, c7 bigint, c8 real) ON COMMIT DROP';

  it.each(['votable', 'votable/b2', 'parquet'])('has the same rows and types from %s', async (form) => {
    const { sql, lines } = await linesOf(await exampleTable(form, exampleRows(1500)));
    expect(sql).toBe(SQL);
    expect(lines).toHaveLength(1500);
    expect(lines.slice(1, 3)).toEqual([
      ['1', '0.125', 'Kühne "1"\\t', '2024-01-31 12:00:01', '{1,-0.5}', 't', '1099511627777', '0.5'].join('\t'),
      Array(8).fill('\\N').join('\t'),
    ]);
  });

  it('finds the form by what the bytes are', async () => {
    expect(
      (await linesOf('\n <VOTABLE><RESOURCE><TABLE><FIELD name="a" datatype="int"/></TABLE></RESOURCE></VOTABLE>'))
        .lines,
    ).toEqual([]);
    expect((await linesOf('a\tb\n1\tx,y\n')).lines).toEqual(['1\tx,y']);
    expect((await linesOf('a,b\n1,x\n', 'application/octet-stream')).lines).toEqual(['1\tx']);
    await expect(linesOf('SIMPLE  =                    T')).rejects.toThrow('it is FITS; expected VOTable, Parquet');
  });

  it('refuses Parquet that is cut, or that has too much in a page', async () => {
    const file = await exampleTable('parquet', exampleRows(100));
    for (const cut of [
      file.subarray(0, 20),
      file.subarray(0, -1),
      Buffer.concat([file.subarray(0, 200), file.subarray(300)]),
    ]) {
      await expect(linesOf(cut)).rejects.toMatchObject({ code: 'search.bad-upload' });
    }
  });
});
