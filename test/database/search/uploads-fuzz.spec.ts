import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DEFAULT_FORMAT } from '@almagest/votable';
import { QueriesService } from '../../../apps/search/queries/queries.service';
import { QueryRunner } from '../../../apps/search/queries/query-runner';
import { SearchConfig } from '../../../apps/search/search.config';
import { exampleRows, exampleTable } from '../../../apps/search/uploads/testing/example-tables';
import { quiet, TestDatabase } from '../../harness/test-database';
import { LIMITS } from './limits';

/** How many cases run. */
const CASES = Number(process.env['FUZZ_UPLOADS'] ?? 300);
const REFUSALS = ['search.bad-upload', 'search.query-fails'];

/** Numbers that look random, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const TOKENS = [
  '<!DOCTYPE VOTABLE SYSTEM "file:///etc/passwd" [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
  '&a;',
  '&#0;',
  '<![CDATA[',
  ']]>',
  '<STREAM href="http://127.0.0.1:1/" encoding="base64">',
  '</STREAM>',
  ' arraysize="999999999"',
  ' arraysize="0x*"',
  '<TR>',
  '</TABLEDATA>',
  '"',
  ',,,,',
  '\0',
  '\xff\xfe',
  '1e999',
  'NaN',
  '\n'.repeat(50),
];

function mutated(document: Buffer, next: () => number): Buffer {
  let bytes = Buffer.from(document);
  const changes = 1 + Math.floor(next() * 2);
  for (let change = 0; change < changes; change++) {
    const at = Math.floor(next() * bytes.length);
    const length = Math.floor(next() * 40);
    const [head, rest, tail] = [bytes.subarray(0, at), bytes.subarray(at), bytes.subarray(at + length)];
    const kind = Math.floor(next() * 6);
    if (kind === 0) bytes = Buffer.from(head);
    else if (kind === 1) bytes = Buffer.concat([head, tail]);
    else if (kind === 2) bytes = Buffer.concat([head, rest.subarray(0, length), rest]);
    else if (kind === 3)
      bytes = Buffer.concat([head, Buffer.from(TOKENS[Math.floor(next() * TOKENS.length)] ?? '', 'latin1'), rest]);
    else if (at < bytes.length)
      bytes[at] = kind === 4 ? Math.floor(next() * 256) : (bytes[at] ?? 0) ^ (1 << (length & 7));
  }
  return bytes;
}

it(`${CASES} changed uploads are read or refused, and nothing else is`, async () => {
  const db = await TestDatabase.create();
  const config = new SearchConfig(LIMITS, 'http://archive.example');
  const runner = new QueryRunner(db.url, config, await db.open('search'), quiet);
  const queries = new QueriesService(runner, config, quiet);
  const answer = async (document: Buffer): Promise<string> => {
    const uploads = [{ name: 't', mediaType: null, open: () => Promise.resolve(Readable.from([document])) }];
    const query = { adql: 'SELECT * FROM TAP_UPLOAD.t', format: DEFAULT_FORMAT, maxRows: 100, uploads };
    const result = await queries.start(query, 'test', new AbortController().signal);
    return text(Readable.from(result.pieces)).finally(() => result.close());
  };
  const forms = ['votable', 'votable/b2', 'csv', 'tsv', 'votable', 'votable/b2', 'csv', 'parquet'];
  const documents = await Promise.all(forms.map((form) => exampleTable(form, exampleRows(12))));
  const connected = jest.spyOn(Socket.prototype, 'connect');
  const outcomes = { read: 0, refused: 0 };
  try {
    await answer(documents[0] ?? Buffer.alloc(0));
    const before = connected.mock.calls.length;
    for (let seed = 1; seed <= CASES; seed++) {
      const document = mutated(documents[seed % documents.length] ?? Buffer.alloc(0), random(seed * 7919));
      try {
        const result = await answer(document);
        expect(result).not.toContain('root:');
        outcomes.read += 1;
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (!REFUSALS.includes(code)) throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
        outcomes.refused += 1;
      }
    }
    // The connection to the database stays; nothing opened another one.
    expect(connected.mock.calls.length - before).toBe(0);
    expect(outcomes.read + outcomes.refused).toBe(CASES);
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(CASES / 20);
    if (CASES > 300) console.log(outcomes);
  } finally {
    connected.mockRestore();
    await runner.onApplicationShutdown();
    await db.drop();
  }
}, 1_800_000);
