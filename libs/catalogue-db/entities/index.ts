import {
  DeliveryCombinesRow,
  DeliveryRow,
  DeliveryServesRow,
  ManifestRow,
  MemberFileRow,
  PartRow,
  RevokedLinkRow,
  WithdrawalRow,
} from './delivery.entity';
import { ExecutionBlockRow, GroupReadinessRow, ObsUnitSetRow } from './obs-unit-set.entity';

export * from './delivery.entity';
export * from './obs-unit-set.entity';

/** Every table of the catalogue. */
export const CATALOGUE_ENTITIES = [
  ObsUnitSetRow,
  ExecutionBlockRow,
  GroupReadinessRow,
  DeliveryRow,
  DeliveryServesRow,
  DeliveryCombinesRow,
  PartRow,
  ManifestRow,
  WithdrawalRow,
  MemberFileRow,
  RevokedLinkRow,
];
