import type { UpkeepFindingRow } from '../runs/upkeep-run.entity';

/** What a reconciliation says of an object or upload, and whether removing it is certainly right. */
export interface Finding extends Pick<
  UpkeepFindingRow,
  'kind' | 'object_key' | 'upload_id' | 'expected' | 'found' | 'remark'
> {
  removable: boolean;
}
