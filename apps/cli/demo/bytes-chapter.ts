import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ArchiveClient, type Digest, digestOf } from '@almagest/archive-client';
import type { MemberFile } from '@almagest/contracts';
import { humanSize } from '@almagest/text';
import { CliError } from '../cli.error';
import { splitPath } from '../views/delivery.view';
import type { Delivered } from './delivery-chapter';
import type { Narrator } from './narrator';

/** Item 2 of §3: the imaging products. */
const PRODUCTS = 2;

/**
 * Downloads a part and compares it with the posted file; downloads one imaging product by its byte range and verifies it
 * against its SHA-256 in the catalogue.
 * @throws CliError `cli.demo-failed` when a byte differs
 */
export async function playBytes(narrator: Narrator, client: ArchiveClient, delivered: Delivered): Promise<void> {
  await narrator.begin('Compare what is stored with what was sent');
  await wholePart(narrator, client, delivered);
  await oneFile(narrator, client, delivered);
}

async function wholePart(narrator: Narrator, client: ArchiveClient, { result, delivery }: Delivered): Promise<void> {
  const [sent, stored] = [result.parts?.[0], delivery.partList[0]];
  if (sent === undefined || stored === undefined) throw new CliError('cli.demo-failed', 'the delivery has no part');
  const [here, there] = await Promise.all([
    digestOf(createReadStream(fileURLToPath(sent.location)) as AsyncIterable<Buffer>),
    client.download(stored.url).then(({ body }) => digestOf(body)),
  ]);
  assertEqual(there, here, `the downloaded ${stored.name}`);
  await narrator.list('part', [
    stored.name,
    `  ${there.size} bytes downloaded, same SHA-256 as the file that was sent`,
  ]);
}

async function oneFile(narrator: Narrator, client: ArchiveClient, { delivery }: Delivered): Promise<void> {
  const file = await largest(client.files(delivery.id, { item: PRODUCTS }));
  const part = delivery.partList.find(({ name }) => name === file?.part);
  if (file === undefined || part === undefined) throw new CliError('cli.demo-failed', 'the delivery has no products');
  const range = { start: file.offset, end: file.offset + file.size - 1 };
  const { status, body } = await client.download(part.url, range);
  if (status !== 206) throw new CliError('cli.demo-failed', `the archive answered a range request with HTTP ${status}`);
  assertEqual(await digestOf(body), file, file.path);
  await narrator.list('file', [
    `${splitPath(file.path).below} (${humanSize(file.size)})`,
    `  bytes ${range.start}-${range.end} of the part`,
    '  downloaded as a range, SHA-256 as in the catalogue',
  ]);
}

async function largest(files: AsyncIterable<MemberFile>): Promise<MemberFile | undefined> {
  let found: MemberFile | undefined;
  for await (const file of files) {
    if (found === undefined || file.size > found.size) found = file;
  }
  return found;
}

/** @throws CliError `cli.demo-failed` */
export function assertEqual(found: Digest, expected: Digest, what: string): void {
  if (found.size === expected.size && found.sha256 === expected.sha256) return;
  throw new CliError(
    'cli.demo-failed',
    `${what} has ${found.size} bytes and SHA-256 ${found.sha256}, ` +
      `expected ${expected.size} bytes and SHA-256 ${expected.sha256}`,
  );
}
