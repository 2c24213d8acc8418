/** Names and hierarchy of ObsUnitSets: uids, project codes, group composition, tar and tree names. No I/O. */
export * from './group-composition';
export * from './ous.error';
export * from './package-name';
export * from './tree-name';
export * from './uid';
