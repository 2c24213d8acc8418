import type { UpkeepFindingRow } from '../runs/upkeep-run.entity';

/** What a reconciliation says of an object or upload, and what a repair does about it: only what is certainly right. */
export interface Finding extends Pick<
  UpkeepFindingRow,
  'kind' | 'object_key' | 'upload_id' | 'expected' | 'found' | 'remark'
> {
  repairedBy: 'removing' | 'restoring' | null;
}
