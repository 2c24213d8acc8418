import type { RawRequestStatus } from '@almagest/contracts';
import { downloadScript } from '@almagest/text';

/**
 * Returns the script that downloads the staged ASDMs of a request.
 * @param link the token of a mail's link, with which the script needs no other token
 */
export function rawDownloadScript(request: RawRequestStatus, publicUrl: string, link: string | null): string {
  const staged = request.asdms.flatMap(({ fileName: name, size, sha256, url }) =>
    url === null || sha256 === null ? [] : [{ name, size, sha256, url: `${publicUrl}${url}` }],
  );
  const about = [
    `Raw data of MemberOUS ${request.ous}, project ${request.project}`,
    `${staged.length} of ${request.asdms.length} ASDMs, available until ${request.expiresAt ?? 'they expire'}`,
  ];
  return downloadScript(about, request.project, staged, link);
}
