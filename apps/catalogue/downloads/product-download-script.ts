import type { Delivery } from '@almagest/contracts';
import { count, downloadScript } from '@almagest/text';

/**
 * Returns the script that downloads the parts of a delivery.
 * @param link the token of a mail's link, with which the script needs no other token
 */
export function productDownloadScript(delivery: Delivery, publicUrl: string, link: string | null): string {
  const { level, ous, project, revision, partList } = delivery;
  const about = [
    `Products of ${level === 'group' ? 'GroupOUS' : 'MemberOUS'} ${ous}, project ${project}, revision ${revision}`,
    count(partList.length, 'part'),
  ];
  const files = partList.map(({ name, size, sha256, url }) => ({ name, size, sha256, url: `${publicUrl}${url}` }));
  return downloadScript(about, project, files, link);
}
