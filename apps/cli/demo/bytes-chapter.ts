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
 * Downloads a part and holds it against the file that was sent; fetches one imaging product out of a part by its byte
 * range and holds it against its catalogued SHA-256.
 * @throws CliError `cli.demo-failed` when a byte differs
 */
export async function playBytes(narrator: Narrator, client: ArchiveClient, delivered: Delivered): Promise<void> {
  await narrator.begin('What is stored is what was sent');
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
  mustEqual(there, here, `the downloaded ${stored.name}`);
  await narrator.list('part', [stored.name, `  ${there.size} bytes downloaded, SHA-256 as of the file that was sent`]);
}

async function oneFile(narrator: Narrator, client: ArchiveClient, { delivery }: Delivered): Promise<void> {
  const file = await largest(client.files(delivery.id, { item: PRODUCTS }));
  const part = delivery.partList.find(({ name }) => name === file?.part);
  if (file === undefined || part === undefined) throw new CliError('cli.demo-failed', 'the delivery has no products');
  const range = { first: file.offset, last: file.offset + file.size - 1 };
  const { status, body } = await client.download(part.url, range);
  if (status !== 206) throw new CliError('cli.demo-failed', `a range was answered with HTTP ${status}`);
  mustEqual(await digestOf(body), file, file.path);
  await narrator.list('file', [
    `${splitPath(file.path).below} (${humanSize(file.size)})`,
    `  bytes ${range.first}-${range.last} of that delivery's part`,
    '  fetched as a range, SHA-256 as catalogued',
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
export function mustEqual(found: Digest, expected: Digest, what: string): void {
  if (found.size === expected.size && found.sha256 === expected.sha256) return;
  throw new CliError(
    'cli.demo-failed',
    `${what} has ${found.size} bytes and SHA-256 ${found.sha256}, ` +
      `expected were ${expected.size} and ${expected.sha256}`,
  );
}
