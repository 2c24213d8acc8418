import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ArchiveClient, digestOf, pauseFor } from '@almagest/archive-client';
import { ousOf, type Qa2Result, type RawRequestStatus } from '@almagest/contracts';
import { count, humanSize } from '@almagest/text';
import { CliError } from '../cli.error';
import { mustEqual } from './bytes-chapter';
import type { Delivered } from './delivery-chapter';
import type { Narrator } from './narrator';

const PAUSE_MS = 100;

/**
 * Has the raw data of a MemberOUS staged, fetches them and holds them against what lies in the bulk store (§5.1).
 * @throws CliError `cli.demo-failed` when an ASDM cannot be had, or a byte differs
 */
export async function playRawData(
  narrator: Narrator,
  client: ArchiveClient,
  { result }: Delivered,
  signal: AbortSignal,
): Promise<void> {
  await narrator.begin('Its raw data, on request');
  const asked = await client.requestRaw({ ous: ousOf(result), asdms: 'used' });
  await narrator.fact(
    'requested',
    `${count(asked.asdms.length, 'ASDM')} of ${asked.ous}, ${humanSize(asked.totalSize)}`,
  );
  const { state, asdms } = await staged(client, asked, signal);
  if (state !== 'staged') throw new CliError('cli.demo-failed', `the request for raw data ended as "${state}"`);
  await narrator.list(
    'staged',
    asdms.flatMap(({ fileName, sha256 }) => [
      fileName,
      `  SHA-256 ${sha256?.slice(0, 16)}..., a tar of the ASDM in its place`,
    ]),
  );
  for (const { uid, fileName, url } of asdms) {
    const [there, sent] = await Promise.all([
      client.download(url ?? '').then(({ body }) => digestOf(body)),
      digestOf(createReadStream(fileURLToPath(locationOf(result, uid))) as AsyncIterable<Buffer>),
    ]);
    mustEqual(there, sent, `the downloaded ${fileName}`);
  }
  await narrator.fact('fetched', `${humanSize(asked.totalSize)}, byte for byte what lies in the bulk store`);
}

async function staged(client: ArchiveClient, asked: RawRequestStatus, signal: AbortSignal): Promise<RawRequestStatus> {
  let status = asked;
  while (status.state === 'staging') {
    await pauseFor(PAUSE_MS, signal);
    status = await client.rawRequest(asked.id);
  }
  return status;
}

function locationOf({ executionBlocks }: Qa2Result, uid: string): string {
  return executionBlocks.find((block) => block.uid === uid)?.asdm.location ?? '';
}
