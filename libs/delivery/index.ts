/** The delivery standard as code: profiles, roles of files, rules, readers and the report. Pure. */
export type { ContentSink } from './content/content-reader';
export { DeliveryError, type DeliveryErrorCode } from './delivery.error';
export * from './disk/disk-need';
export * from './inspection';
export * from './inventory/delivery-entry';
export { CALIBRATION_MODES, type CalibrationMode } from './inventory/inventory';
export { DEFAULT_LIMITS, type DeliveryLimits } from './inventory/limits';
export * from './naming/classification';
export { classify } from './naming/classify';
export { type Item, ITEM_NUMBERS, ITEMS, type Role, ROLES } from './naming/role';
export { type ChosenProfile, type Profile, PROFILE_NAMES, type ProfileName, PROFILES } from './profile/profile';
export * from './report/report';
export { rules } from './rules/registry';
export type { Rule, Severity } from './rules/rule';
