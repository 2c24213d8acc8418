import { Readable } from 'node:stream';
import { translate } from '@almagest/adql';
import type { Request } from 'express';
import { ADQL_SCHEMA } from '../schema/adql-schema';
import { DaliParameters } from './dali-parameters';
import { EXAMPLES } from './examples';
import { type TapQuery, tapQuery } from './tap-query';

const LIMIT = 1000;

async function queryOf(url: string, body = '', type = 'application/x-www-form-urlencoded'): Promise<TapQuery> {
  const request = Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
    method: body === '' ? 'GET' : 'POST',
    originalUrl: url,
    headers: body === '' ? {} : { 'content-type': type },
  });
  return tapQuery(await DaliParameters.of(request as unknown as Request), LIMIT);
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
    ['QUERY=x&UPLOAD=t,param:t', 'takes no uploads'],
  ])('are refused: %s', async (parameters, message) => {
    await expect(queryOf(`/tap/sync?${parameters}`)).rejects.toThrow(message);
    await expect(queryOf('/tap/sync', parameters)).rejects.toThrow(message);
  });

  it('are refused in other bodies', async () => {
    await expect(queryOf('/tap/sync', '{}', 'application/json')).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(queryOf('/tap/sync', 'x', 'multipart/form-data; boundary=y')).rejects.toThrow('not a multipart form');
  });
});

it.each(EXAMPLES)('the example $id is ADQL', ({ adql }) => {
  expect(translate(adql, ADQL_SCHEMA, { maxRows: 10 }).columns.length).toBeGreaterThan(0);
});
