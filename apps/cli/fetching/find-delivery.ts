import type { Delivery, MemberFile } from '@almagest/contracts';
import type { ArchiveClient } from '../archive/archive-client';
import { completeId, idOrPrefix, isIdOrPrefix } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import { uidIn } from '../commands/uid-argument';

/**
 * The current delivery of an ObsUnitSet, or the delivery with an id.
 * @throws CliError `cli.usage`, `cli.not-delivered`
 */
export async function deliveryOf(client: ArchiveClient, what: string): Promise<Delivery> {
  const uid = uidIn(what);
  if (uid === null) {
    if (!isIdOrPrefix(what)) {
      throw new CliError('cli.usage', `"${what}" is no uid and no delivery id`, {
        hints: ['expected uid://A001/X1/Xa3, uid___A001_X1_Xa3 or 5f0c1234'],
      });
    }
    return client.delivery(await completeId(idOrPrefix(what, 'delivery'), () => client.results(), 'delivery'));
  }
  const { delivery, state } = await client.ous(uid);
  if (delivery !== null) return client.delivery(delivery);
  for await (const { revision, withdrawn } of client.deliveries(uid)) {
    if (withdrawn === null) break;
    const since = withdrawn.at.slice(0, 10);
    throw new CliError(
      'cli.not-delivered',
      `revision ${revision} of ${uid} was withdrawn on ${since}, after a QA2 FAIL`,
      {
        hints: ['nothing has been delivered in its place yet; the mail about that will say so'],
      },
    );
  }
  throw new CliError('cli.not-delivered', `nothing is delivered of ${uid} yet: it is ${state}`);
}

/** All files inside a delivery's parts. */
export async function filesOf(client: ArchiveClient, { id }: Delivery): Promise<MemberFile[]> {
  const files: MemberFile[] = [];
  for await (const file of client.files(id)) files.push(file);
  return files;
}
