/** `host:port` of the NGAS server to test against (npm run test:ngas). Without it the tests fail: they are never skipped. */
export const server = process.env['TEST_NGAS_SERVER'] ?? '';

/** Puts a file into NGAS; its location there. */
export async function archive(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (server === '') throw new Error('TEST_NGAS_SERVER is not set: there is no NGAS server to test against');
  const query = new URLSearchParams({ filename: name, mime_type: 'application/octet-stream' });
  const response = await fetch(`http://${server}/QARCHIVE?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  const text = await response.text();
  // NGAS decodes a name twice, so it says itself what it is called now.
  const id = / FileId="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  if (id === undefined) throw new Error(`NGAS did not take ${name}: ${text}`);
  return `ngas://${server}/${encodeURIComponent(id)}`;
}
