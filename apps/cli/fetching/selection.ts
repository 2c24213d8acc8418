import picomatch from 'picomatch';
import { type ArchiveClient, assertAllFiles, assertAllParts } from '@almagest/archive-client';
import type { Delivery, MemberFile } from '@almagest/contracts';
import { parsePackageName, uidIn } from '@almagest/ous';
import type { MailLink } from '../archive/archive-address';
import { completeId, idOrPrefix, isIdOrPrefix } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import { splitPath } from '../views/delivery.view';

/**
 * Returns the current delivery of an ObsUnitSet, or the delivery with an id.
 * @throws CliError `cli.usage`, `cli.not-delivered`; ArchiveClientError when the list of its parts is incomplete
 */
export async function deliveryOf(client: ArchiveClient, what: string, link: MailLink | null): Promise<Delivery> {
  const delivery = await findDelivery(client, what, link);
  assertAllParts(delivery);
  return delivery;
}

async function findDelivery(client: ArchiveClient, what: string, link: MailLink | null): Promise<Delivery> {
  const uid = uidIn(what);
  if (uid === null) {
    if (!isIdOrPrefix(what)) {
      throw new CliError('cli.usage', `"${what}" is neither a uid nor the id of a delivery`, {
        hints: ['expected uid://A001/X1/Xa3, uid___A001_X1_Xa3 or 5f0c1234'],
      });
    }
    return client.delivery(await completeId(idOrPrefix(what, 'delivery'), () => client.results(), 'delivery', link));
  }
  const { delivery, state } = await client.ous(uid);
  if (delivery !== null) return client.delivery(delivery);
  for await (const { revision, withdrawn } of client.deliveries(uid)) {
    if (withdrawn === null) break;
    const since = withdrawn.at.slice(0, 10);
    throw new CliError(
      'cli.not-delivered',
      `revision ${revision} of ${uid} was withdrawn on ${since}, after a QA2 FAIL`,
      { hints: ['no new revision has been delivered yet; a mail will announce it'] },
    );
  }
  throw new CliError('cli.not-delivered', `${uid} has no delivery yet: its state is "${state}"`);
}

/** Returns all files inside a delivery's parts. @throws ArchiveClientError when the archive's list is incomplete */
export async function filesOf(client: ArchiveClient, delivery: Delivery): Promise<MemberFile[]> {
  const files: MemberFile[] = [];
  for await (const file of client.files(delivery.id)) files.push(file);
  assertAllFiles(delivery, files);
  return files;
}

/**
 * Returns the files that match any of the patterns. A pattern is a path or a glob (`**` for any number of directories)
 * of the whole path, or of the path below the ObsUnitSet's directory.
 * @throws CliError `cli.no-such-file` for a pattern that no file matches
 */
export function selectFiles<File extends Pick<MemberFile, 'path'>>(
  files: readonly File[],
  patterns: readonly string[],
): File[] {
  const matchers = patterns.map((pattern) => {
    // Composed or decomposed, a name shows the same letters.
    const isMatch = picomatch(pattern.normalize('NFC'), { dot: true, nonegate: true });
    return (name: string): boolean => name === pattern || isMatch(name.normalize('NFC'));
  });
  const unmatched = new Set(patterns);
  const chosen = files.filter(({ path }) => {
    const names = [path, splitPath(path).below];
    const hits = patterns.filter((_, index) => names.some((name) => matchers[index]?.(name)));
    for (const pattern of hits) unmatched.delete(pattern);
    return hits.length > 0;
  });
  const [missing] = unmatched;
  if (missing === undefined) return chosen;
  throw new CliError('cli.no-such-file', `no file of the delivery matches "${missing}"`, {
    hints: ['quote patterns, so that the shell does not expand them: "product/*.fits", "**/README"'],
  });
}

/**
 * Returns the parts with these numbers (the m of `m_of_n`) or names; all parts when none is given.
 * @throws CliError `cli.no-such-file`
 */
export function selectParts<Part extends { name: string }>(parts: readonly Part[], wanted: readonly string[]): Part[] {
  if (wanted.length === 0) return [...parts];
  const chosen = wanted.map((text) => {
    const part = parts.find(({ name }) => name === text || numberOf(name) === text);
    if (part !== undefined) return part;
    const hints = parts.map(({ name }) => name);
    throw new CliError('cli.no-such-file', `the delivery has no part "${text}"`, { hints });
  });
  return [...new Set(chosen)];
}

function numberOf(name: string): string | null {
  const parsed = parsePackageName(name);
  return parsed?.kind === 'product' ? String(parsed.part) : null;
}
