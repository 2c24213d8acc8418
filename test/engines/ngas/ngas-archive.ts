/** `host:port` of the NGAS server (npm run test:ngas). Without it the tests fail: they are never skipped. */
export const server = process.env['TEST_NGAS_SERVER'] ?? '';

/** Stores a file in NGAS and returns its location. */
export async function archive(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (server === '') throw new Error('TEST_NGAS_SERVER is not set: there is no NGAS server to test against');
  const query = new URLSearchParams({ filename: name, mime_type: 'application/octet-stream' });
  const response = await fetch(`http://${server}/QARCHIVE?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  const text = await response.text();
  // NGAS decodes a name twice: its answer has the resulting file id.
  const id = / FileId="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  if (id === undefined) throw new Error(`NGAS did not accept ${name}: ${text}`);
  return `ngas://${server}/${encodeURIComponent(id)}`;
}
