/** The delivery standard as code: profiles, roles of files, rules, readers and the report. No I/O. */
export { casaProgram } from './casa-program';
export type { ContentSink } from './content/content-reader';
export { DeliveryError, type DeliveryErrorCode } from './delivery.error';
export * from './disk/disk-need';
export type { Beam, ImageStatement, Noise, ReadmeFacts } from './facts/file-facts';
export * from './facts/image-record';
export type { Claim, MeasuredImage } from './facts/qa2-claim';
export * from './inspection';
export * from './inventory/delivery-entry';
export { type PartName, parsePartName } from './inventory/part-name';
export { CALIBRATION_MODES, type CalibrationMode } from './inventory/inventory';
export { DEFAULT_LIMITS, type DeliveryLimits } from './inventory/limits';
export type { Classification } from './naming/classification';
export { classify } from './naming/classify';
export { isLitter, isLitterEntry } from './naming/litter';
export { type Item, ITEM_NUMBERS, ITEMS, type Role, ROLES } from './naming/role';
export { piBehaviourOf, type PiBehaviour } from './pi-checks/pi-behaviour';
export * from './pi-checks/pi-checks';
export {
  type ChosenProfile,
  type Profile,
  PROFILE_NAMES,
  type ProfileName,
  PROFILES,
  type Severity,
} from './profile/profile';
export { readReadme } from './readers/readme';
export { type BesidesHeader, makeImageRecord } from './report/make-image-record';
export * from './report/report';
export { rules } from './rules/registry';
export type { Rule } from './rules/rule';
export { rulesMarkdown } from './rules/rules-markdown';
export { groupBy } from './group-by';
