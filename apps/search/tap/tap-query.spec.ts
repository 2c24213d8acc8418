import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { translate } from '@almagest/adql';
import type { Request } from 'express';
import { ADQL_SCHEMA } from '../schema/adql-schema';
import { z } from 'zod';
import { searchVariables } from '../search.config';
import { DaliParameters } from './dali-parameters';
import { EXAMPLES } from './examples';
import { type TapQuery, tapQuery } from './tap-query';

const LIMIT = 1000;
const LIMITS = { ...z.object(searchVariables).parse({}), TAP_MAX_ROWS: LIMIT };

const open: DaliParameters[] = [];

afterEach(async () => {
  for (const parameters of open.splice(0)) await parameters.close();
});

async function queryOf(url: string, body = '', type = 'application/x-www-form-urlencoded'): Promise<TapQuery> {
  const request = Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
    method: body === '' ? 'GET' : 'POST',
    originalUrl: url,
    headers: body === '' ? {} : { 'content-type': type },
  });
  const parameters = await DaliParameters.of(request as unknown as Request, 1024 * 1024);
  open.push(parameters);
  return tapQuery(parameters, LIMITS);
}

describe('the parameters of a query', () => {
  it('come from the URL and from both kinds of forms, whatever the case of their names', async () => {
    const multipart = [
      '--x',
      'Content-Disposition: form-data; name="QUERY"',
      '',
      "SELECT 'ü+'",
      '--x',
      'Content-Disposition: form-data; name="MAXREC"',
      '',
      '7',
      '--x--',
      '',
    ].join('\r\n');
    const all = await Promise.all([
      queryOf('/tap/sync?request=doQuery&lang=adql&Query=SELECT+%27%C3%BC%2B%27&maxrec=7&DUMMY=ignore-me&RUNID=1'),
      queryOf('/tap/sync?MAXREC=7', 'LANG=ADQL-2.0&QUERY=SELECT+%27%C3%BC%2B%27'),
      queryOf('/tap/sync', multipart, 'multipart/form-data; boundary=x'),
    ]);
    for (const { adql, maxRows, format } of all) {
      expect([adql, maxRows, format.names[0]]).toEqual(["SELECT 'ü+'", 7, 'votable']);
    }
  });

  it('limit the rows to what the archive allows', async () => {
    expect((await queryOf('/tap/sync?QUERY=x')).maxRows).toBe(LIMIT);
    expect((await queryOf('/tap/sync?QUERY=x&MAXREC=1000000')).maxRows).toBe(LIMIT);
    expect((await queryOf('/tap/sync?QUERY=x&MAXREC=0')).maxRows).toBe(0);
  });

  it.each([
    ['LANG=ADQL', 'QUERY is missing'],
    ['QUERY=x&LANG=OOBLECK', "LANG is 'OOBLECK'"],
    ['QUERY=x&REQUEST=drop', "REQUEST is 'drop'"],
    ['QUERY=x&MAXREC=-1', "MAXREC is '-1'"],
    ['QUERY=x&QUERY=y', 'QUERY is given 2 times'],
    ['QUERY=x&FORMAT=fits', 'expected votable, votable/b2, csv, tsv, jsonl'],
    ['QUERY=x&UPLOAD=t', "UPLOAD is 't'; expected a name"],
    ['QUERY=x&UPLOAD=t,param:t', "a part 't'; expected a file"],
    ['QUERY=x&UPLOAD=t.u,https://a/b', "a table 't.u'"],
    ['QUERY=x&UPLOAD=t,https://a/b;T,https://a/b', 'two tables T'],
  ])('are refused: %s', async (parameters, message) => {
    await expect(queryOf(`/tap/sync?${parameters}`)).rejects.toThrow(message);
    await expect(queryOf('/tap/sync', parameters)).rejects.toThrow(message);
  });

  it('may repeat a name hundreds of thousands of times without blocking others for long', () => {
    const pairs = Array.from({ length: 500_000 }, (_, index): [string, string] => ['a', String(index)]);
    expect(DaliParameters.from(pairs).all('A')).toHaveLength(500_000);
  });

  it('name uploaded tables, in one parameter or several', async () => {
    const body = [
      ...['--x', 'Content-Disposition: form-data; name="UPLOAD"', '', 'a,param:one ; b,https://h/x,y', ''],
      ...[
        '--x',
        'Content-Disposition: form-data; name="one"; filename="o"',
        'Content-Type: text/csv',
        '',
        'ra\r\n1',
        '',
      ],
      '--x--',
    ].join('\r\n');
    const { uploads } = await queryOf('/tap/sync?QUERY=x&UPLOAD=c,param:one', body, 'multipart/form-data; boundary=x');
    expect(uploads.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['c', 'text/csv'],
      ['a', 'text/csv'],
      ['b', null],
    ]);
    for (const upload of uploads.slice(0, 2)) expect(await text(await upload.open())).toBe('ra\r\n1\r\n');
    await expect(uploads[2]?.open()).rejects.toThrow('does not read from https://h');
  });

  it('are refused in other bodies', async () => {
    await expect(queryOf('/tap/sync', '{}', 'application/json')).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(queryOf('/tap/sync', 'x', 'multipart/form-data; boundary=y')).rejects.toThrow('not a multipart form');
  });
});

it.each(EXAMPLES)('the example $id is ADQL', ({ adql }) => {
  expect(translate(adql, ADQL_SCHEMA, { maxRows: 10 }).columns.length).toBeGreaterThan(0);
});
