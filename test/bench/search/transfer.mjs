/**
 * A client of its own process that reads a result to its end, several at a time, and keeps nothing of it:
 *   node transfer.mjs URL FORMAT ROWS CLIENTS [counted]
 * Prints as JSON the seconds, the longest wait for a first byte, the bytes, the peak memory of the client, and with
 * `counted` the rows.
 */
import { performance } from 'node:perf_hooks';
import { URLSearchParams } from 'node:url';
import { Client } from 'undici';
import { RowCounter } from './row-counter.mjs';

const [url, format, rows, clients, counted] = process.argv.slice(2);
const begun = performance.now();
const results = await Promise.all(Array.from({ length: Number(clients) }, transfer));
console.log(
  JSON.stringify({
    seconds: (performance.now() - begun) / 1000,
    firstByte: Math.max(...results.map((result) => result.firstByte)),
    rows: results[0].rows,
    bytes: results.reduce((sum, result) => sum + result.bytes, 0),
    memory: process.resourceUsage().maxRSS * 1024,
  }),
);

async function transfer() {
  const client = new Client(url, { bodyTimeout: 300_000, headersTimeout: 300_000 });
  const parameters = { LANG: 'ADQL', RESPONSEFORMAT: format, QUERY: `SELECT TOP ${rows} * FROM ivoa.obscore` };
  const { statusCode, body } = await client.request({
    method: 'POST',
    path: '/tap/sync',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  });
  const counter = counted === 'counted' ? new RowCounter(format) : null;
  let firstByte = null;
  let bytes = 0;
  let tail = '';
  for await (const piece of body) {
    firstByte ??= performance.now() - begun;
    bytes += piece.length;
    counter?.add(piece);
    tail = (tail + piece.subarray(-200).toString('latin1')).slice(-200);
  }
  await client.close();
  if (statusCode !== 200 || /value="(?:ERROR|OVERFLOW)"/.test(tail)) throw new Error(`${statusCode}: ${tail}`);
  return { firstByte, bytes, rows: counter?.rows };
}
