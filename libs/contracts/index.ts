/** Every message, request and response of the archive: one zod schema each. Pure. */
export {
  type DeliveryReport,
  deliveryReportSchema,
  type Finding,
  findingSchema,
  type ImageRecord,
  imageRecordSchema,
  type SkyRegion,
  skyRegionSchema,
} from '@almagest/delivery';
export * from './async-api';
export * from './byte-range';
export * from './content';
export * from './endpoint';
export * from './events';
export * from './human-text';
export * from './licence';
export * from './location';
export * from './manifest';
export * from './parse-input';
export * from './primitives';
export * from './problem';
export * from './project-metadata';
export * from './qa2-result';
export * from './raw-data';
export * from './read-qa2-result';
export * from './resources';
export * from './schema-components';
export * from './store-layout';
export * from './violation';
