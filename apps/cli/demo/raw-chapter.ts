import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ArchiveClient, digestOf, pauseFor } from '@almagest/archive-client';
import { ousOf, type Qa2Result, type RawRequestStatus } from '@almagest/contracts';
import { count, humanSize } from '@almagest/text';
import { CliError } from '../cli.error';
import { assertEqual } from './bytes-chapter';
import type { Delivered } from './delivery-chapter';
import type { Narrator } from './narrator';

const PAUSE_MS = 100;

/**
 * Requests the raw data of a MemberOUS, downloads them and compares them with the bulk store (§5.1).
 * @throws CliError `cli.demo-failed` if an ASDM cannot be staged, or a byte differs
 */
export async function playRawData(
  narrator: Narrator,
  client: ArchiveClient,
  { result }: Delivered,
  signal: AbortSignal,
): Promise<void> {
  await narrator.begin('Request its raw data');
  const requested = await client.requestRaw({ ous: ousOf(result), asdms: 'used' });
  await narrator.fact(
    'requested',
    `${count(requested.asdms.length, 'ASDM')} of ${requested.ous}, ${humanSize(requested.totalSize)}`,
  );
  const { state, asdms } = await staged(client, requested, signal);
  if (state !== 'staged') throw new CliError('cli.demo-failed', `the request for raw data ended as "${state}"`);
  await narrator.list(
    'staged',
    asdms.flatMap(({ fileName, sha256 }) => [
      fileName,
      `  SHA-256 ${sha256?.slice(0, 16)}..., a tar that unpacks to its place in the tree`,
    ]),
  );
  for (const { uid, fileName, url } of asdms) {
    const [there, sent] = await Promise.all([
      client.download(url ?? '').then(({ body }) => digestOf(body)),
      digestOf(createReadStream(fileURLToPath(locationOf(result, uid))) as AsyncIterable<Buffer>),
    ]);
    assertEqual(there, sent, `the downloaded ${fileName}`);
  }
  await narrator.fact('fetched', `${humanSize(requested.totalSize)}, byte for byte as in the bulk store`);
}

async function staged(
  client: ArchiveClient,
  requested: RawRequestStatus,
  signal: AbortSignal,
): Promise<RawRequestStatus> {
  let status = requested;
  while (status.state === 'staging') {
    await pauseFor(PAUSE_MS, signal);
    status = await client.rawRequest(requested.id);
  }
  return status;
}

function locationOf({ executionBlocks }: Qa2Result, uid: string): string {
  return executionBlocks.find((block) => block.uid === uid)?.asdm.location ?? '';
}
