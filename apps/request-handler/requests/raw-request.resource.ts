import type { RawAsdm, RawRequestStatus } from '@almagest/contracts';
import { compareUids } from '@almagest/ous';
import type { RawRequestRow, StagedAsdmRow } from './raw-request.entity';

/** Returns a request as its requester sees it. */
export function rawRequestResource(request: RawRequestRow, rows: readonly StagedAsdmRow[]): RawRequestStatus {
  const asdms = [...rows]
    .sort((a, b) => compareUids(a.execution_block, b.execution_block))
    .map((row) => rawAsdmResource(request, row));
  const { id, project, ous, state, requested_at, settled_at, expires_at } = request;
  return {
    id,
    project,
    ous,
    state,
    url: `/raw-requests/${id}`,
    totalSize: asdms.reduce((sum, { size }) => sum + size, 0),
    bytesDone: asdms.reduce((sum, { bytesDone }) => sum + bytesDone, 0),
    requestedAt: requested_at.toISOString(),
    settledAt: settled_at?.toISOString() ?? null,
    expiresAt: expires_at?.toISOString() ?? null,
    script: asdms.some(({ url }) => url !== null) ? `/raw-requests/${id}/download.sh` : null,
    asdms,
  };
}

/** Returns an ASDM of a request. An ASDM that has expired for one request may still be staged for another. */
export function rawAsdmResource(request: Pick<RawRequestRow, 'id' | 'state'>, row: StagedAsdmRow): RawAsdm {
  const isGone = request.state === 'expired' || row.state === 'removing' || row.state === 'removed';
  const isStaged = !isGone && row.state === 'staged';
  return {
    uid: row.execution_block,
    use: row.use,
    fileName: row.file_name,
    unpacksTo: row.unpacks_to,
    size: row.size,
    state: isGone ? 'expired' : (row.state as RawAsdm['state']),
    bytesDone: isGone ? 0 : row.bytes_done,
    sha256: isStaged ? row.sha256 : null,
    error: isGone ? null : row.error,
    url: isStaged ? `/raw-requests/${request.id}/files/${row.file_name}` : null,
  };
}
