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
import { ProjectMetadataRow } from './project-metadata.entity';

export * from './delivery.entity';
export * from './obs-unit-set.entity';
export * from './project-metadata.entity';

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
  ProjectMetadataRow,
];
