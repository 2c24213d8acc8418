import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ArchiveRequests } from './archive-requests';
import { queryStatusIn } from './query-status';
import { SearchClient } from './search-client';

describe('the client of the archive search', () => {
  const refusal =
    '<VOTABLE><RESOURCE type="results"><INFO name="QUERY_STATUS" value="ERROR">expected &lt; here</INFO></RESOURCE></VOTABLE>';
  let sent = '';
  const server = createServer((request, response) => {
    if (request.url === '/tap/capabilities') {
      response.end('<outputLimit><default unit="row">5</default><hard unit="row">7</hard></outputLimit>');
      return;
    }
    request.setEncoding('utf8').on('data', (text: string) => (sent += text));
    request.on('end', () => {
      if (sent.includes('wrong')) response.writeHead(400, { 'content-type': 'application/x-votable+xml' }).end(refusal);
      else response.end('{"a":1}\n{"a":null}\n');
    });
  });
  const client = (): SearchClient => {
    const address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: null };
    return new SearchClient(new ArchiveRequests(address, new AbortController().signal));
  };

  beforeAll(async () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(async () => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => (sent = ''));

  it('sends the query as a form, and reads the rows', async () => {
    await expect(client().rows("SELECT 'a&b'", 3)).resolves.toEqual([{ a: 1 }, { a: null }]);
    expect([...new URLSearchParams(sent)]).toEqual([
      ['LANG', 'ADQL'],
      ['QUERY', "SELECT 'a&b'"],
      ['RESPONSEFORMAT', 'jsonl'],
      ['MAXREC', '3'],
    ]);
  });

  it('throws the reason of a refusal', async () => {
    await expect(client().rows('wrong', 3)).rejects.toMatchObject({
      code: 'archive-client.refused',
      message: 'expected < here',
    });
  });

  it('knows how many rows the archive sends', async () => {
    await expect(client().rowLimit()).resolves.toBe(7);
  });
});

it.each([
  ['<INFO name="QUERY_STATUS" value="OK"/>...<INFO name="QUERY_STATUS" value="OVERFLOW"/>', 'OVERFLOW', ''],
  ['<INFO name="QUERY_STATUS" value="ERROR">\n a &amp;lt; b\n</INFO>', 'ERROR', 'a &lt; b'],
])('the last status in %s', (votable, status, message) => {
  expect(queryStatusIn(votable)).toEqual({ status, message });
});
