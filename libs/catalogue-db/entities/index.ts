import {
  DeliveryCombinesRow,
  DeliveryRow,
  ManifestRow,
  MemberFileRow,
  PartRow,
  WithdrawalRow,
} from './delivery.entity';
import { ExecutionBlockRow, GroupReadinessRow, ObsUnitSetRow } from './obs-unit-set.entity';
import { RevokedLinkRow } from './revoked-link.entity';

export * from './delivery.entity';
export * from './obs-unit-set.entity';
export * from './revoked-link.entity';

/** Every table of the catalogue. */
export const CATALOGUE_ENTITIES = [
  ObsUnitSetRow,
  ExecutionBlockRow,
  GroupReadinessRow,
  DeliveryRow,
  DeliveryCombinesRow,
  PartRow,
  ManifestRow,
  WithdrawalRow,
  MemberFileRow,
  RevokedLinkRow,
];
