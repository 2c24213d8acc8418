import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { formatNamed } from '@almagest/votable';
import { QueriesService } from '../../../apps/search/queries/queries.service';
import { QueryRunner } from '../../../apps/search/queries/query-runner';
import { SearchConfig } from '../../../apps/search/search.config';
import type { Upload } from '../../../apps/search/uploads/upload';
import { quiet, TestDatabase } from '../../harness/test-database';
import { waitFor } from '../../harness/wait-for';
import { LIMITS } from './limits';

function upload(name: string, content: string | Buffer, mediaType: string | null = null): Upload {
  return { name, mediaType, open: () => Promise.resolve(Readable.from([Buffer.from(content)])) };
}

describe('tables of a query', () => {
  let db: TestDatabase;
  let runner: QueryRunner;
  let queries: QueriesService;

  beforeAll(async () => {
    db = await TestDatabase.create();
    const config = new SearchConfig(LIMITS, 'http://archive.example');
    runner = new QueryRunner(db.url, config, await db.open('search'), quiet);
    queries = new QueriesService(runner, config, quiet);
  });
  afterAll(async () => {
    await runner.onApplicationShutdown();
    await db.drop();
  });

  async function answer(adql: string, uploads: readonly Upload[], form = 'csv'): Promise<string> {
    const format = formatNamed(form);
    if (format === undefined) throw new Error(`no format ${form}`);
    const query = { adql, format, maxRows: 100_000, uploads };
    const result = await queries.start(query, 'test', new AbortController().signal);
    try {
      return await text(Readable.from(result.pieces));
    } finally {
      await result.close();
    }
  }

  it('come as CSV or VOTable, several at a time, and are joined with each other', async () => {
    const sources = 'name,ra,"dec (deg)"\nSgr A*,266.417,-29.008\n"O, ri",83.82,-5.39\n';
    const first = await answer('SELECT name, ra, "dec (deg)" AS de FROM TAP_UPLOAD.mine ORDER BY ra', [
      upload('mine', sources),
    ]);
    expect(first).toBe('name,ra,de\r\n"O, ri",83.82,-5.39\r\nSgr A*,266.417,-29.008\r\n');
    const votable = await answer('SELECT name, 1 + flux AS f FROM TAP_UPLOAD.a JOIN tap_upload.B USING (name)', [
      upload('A', sources),
      upload('b', 'name\tflux\nSgr A*\t1.5\nother\t\n'),
    ]);
    expect(votable).toBe('name,f\r\nSgr A*,2.5\r\n');
  });

  it('have the values, types and units in the result that they have in the upload', async () => {
    const everything = `<VOTABLE><RESOURCE><TABLE>
      <FIELD name="t" datatype="char" arraysize="*" xtype="timestamp"/>
      <FIELD name="p" datatype="double" arraysize="2" xtype="point" unit="deg"/>
      <FIELD name="c" datatype="double" arraysize="3" xtype="circle"/>
      <FIELD name="g" datatype="double" arraysize="*" xtype="polygon"/>
      <FIELD name="r" datatype="char" arraysize="*" xtype="adql:REGION"/>
      <FIELD name="a" datatype="float" arraysize="3"/>
      <FIELD name="s" datatype="unicodeChar" arraysize="*" ucd="meta.id"><DESCRIPTION>a &lt; b</DESCRIPTION></FIELD>
      <FIELD name="n" datatype="short"/>
      <FIELD name="ok" datatype="boolean"/>
      <DATA><TABLEDATA>
      <TR><TD>2024-01-31T12:00:00.5</TD><TD>10 -20</TD><TD>10 -20 1</TD><TD>0 0 1 0 1 1</TD>
        <TD>Circle ICRS 10 -20 0.5</TD><TD>1 2.5 NaN</TD><TD>tab\tand \\N</TD><TD>-7</TD><TD>T</TD></TR>
      <TR><TD/><TD/><TD/><TD/><TD/><TD/><TD/><TD/><TD/></TR>
      </TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;
    const same = await answer('SELECT * FROM TAP_UPLOAD.t', [upload('t', everything)], 'votable');
    for (const field of [
      '<FIELD ID="p" name="p" datatype="double" arraysize="2" unit="deg" xtype="point"/>',
      '<FIELD ID="a" name="a" datatype="float" arraysize="3"/>',
      '<FIELD ID="s" name="s" datatype="unicodeChar" arraysize="*" ucd="meta.id"><DESCRIPTION>a &lt; b</DESCRIPTION></FIELD>',
      '<FIELD ID="n" name="n" datatype="short"/>',
    ]) {
      expect(same).toContain(field);
    }
    expect(same).toMatch(
      /<TR><TD>2024-01-31T12:00:00.500<\/TD><TD>10 -20<\/TD><TD>10 -20 1<\/TD><TD>0 0 1 0 1 1<\/TD><TD>Circle ICRS 10 -20 0.5<\/TD><TD>1 2.5 NaN<\/TD><TD>tab\tand \\N<\/TD><TD>-7<\/TD><TD>true<\/TD><\/TR>\n<TR>(<TD\/>){9}<\/TR>/,
    );
    const geometry = await answer(
      `SELECT CONTAINS(p, c) AS a, CONTAINS(p, r) AS b, INTERSECTS(g, c) AS d, DISTANCE(p, POINT(10, -21)) AS e
         FROM TAP_UPLOAD.t WHERE t > '2024-01-01'`,
      [upload('t', everything)],
    );
    expect(geometry).toMatch(/^a,b,d,e\r\n1,1,0,(1|0.9999\d*|1.0000\d*)\r\n$/);
  });

  it('are joined with footprints by their index', async () => {
    await db.rows(
      `INSERT INTO search.observation (obs_id, ous, proposal_id, group_ous_uid, dataproduct_type, calib_level,
          qa2_passed, access_estsize, lastmodified, footprint, footprint_box, footprint_x, footprint_y, footprint_z,
          footprint_radius, footprint_shape)
        SELECT n, n, 'p', 'g', 'cube', 2, 'T', 1, now(), 'Circle', search.sky_box(shape, 0), shape[1], shape[2], shape[3],
               shape[4], shape
          FROM generate_series(1, 20000) AS n, search.sky_circle(n * 0.018, n * 0.008 - 80, 0.001) AS shape`,
    );
    await db.rows('ANALYZE search.observation');
    const positions = Array.from({ length: 3000 }, (_, n) => `${n},${(n * 6 + 6) * 0.018},${(n * 6 + 6) * 0.008 - 80}`);
    const table = upload('mine', `id,ra,dec\n${positions.join('\n')}\n`);
    const adql = `SELECT count(*) AS n FROM TAP_UPLOAD.mine AS m JOIN ivoa.obscore AS o
      ON 1 = INTERSECTS(CIRCLE('ICRS', m.ra, m.dec, 0.0001), o.s_region)`;
    expect(await answer(adql, [table])).toBe('n\r\n3000\r\n');
    // One look-up for each position, and for each side of RA 0.
    await waitFor('the look-ups to be counted', async () => {
      const [scans] = await db.rows<{ n: string }>(
        `SELECT idx_scan AS n FROM pg_stat_user_indexes WHERE indexrelname = 'observation_footprint'`,
      );
      return Number(scans?.n) >= 3000;
    });
  });

  it.each<[string, Upload, string]>([
    ['a table that is wrong', upload('t', '<VOTABLE'), 'Table t: the document is not well-formed XML'],
    [
      'a wrong row after good ones',
      upload(
        't',
        `<VOTABLE><RESOURCE><TABLE><FIELD name="n" datatype="int"/><DATA><TABLEDATA>
      ${'<TR><TD>1</TD></TR>'.repeat(9999)}<TR><TD>x</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`,
      ),
      "Table t: row 10000, column n: 'x'",
    ],
    [
      'a wrong time',
      upload(
        't',
        `<VOTABLE><RESOURCE><TABLE><FIELD name="n" datatype="char" arraysize="*" xtype="timestamp"/><DATA><TABLEDATA>
      <TR><TD>2024-02-31T00:00:00</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`,
      ),
      'row 1, column n',
    ],
    ['too many bytes', upload('t', Buffer.alloc(2_000_000, 'a\n')), 'have more than 1048576 bytes'],
    ['another form', upload('t', Buffer.from('\x1f\x8b\x08', 'latin1')), 'it is gzip; send it unpacked'],
    ['two columns of one name', upload('t', 'a,a\n1,2\n'), 'two columns are named a'],
    ['a name of another column', upload('t', 'nn\n1\n'), 'did you mean nn?'],
  ])('are refused: %s', async (_what, table, message) => {
    await expect(answer('SELECT n FROM TAP_UPLOAD.t', [table])).rejects.toThrow(message);
    expect(await answer('SELECT n FROM TAP_UPLOAD.t', [upload('t', 'n\n1\n')])).toBe('n\r\n1\r\n');
  });

  it('cannot be changed by their query, and are gone after it', async () => {
    expect(await answer('SELECT count(*) AS n FROM TAP_UPLOAD.t', [upload('t', 'n\n1\n2\n')])).toBe('n\r\n2\r\n');
    await expect(answer('SELECT n FROM TAP_UPLOAD.t', [])).rejects.toThrow('unknown table');
    expect(await db.rows(`SELECT 1 FROM pg_class WHERE relname LIKE 'upload%'`)).toEqual([]);
    const none = await answer('SELECT TOP 1 obs_id FROM ivoa.obscore', [upload('unused', 'n\n')]);
    expect(none).toContain('obs_id');
  });
});
