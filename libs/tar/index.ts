/** The tar codec: reads archives and the offsets of their members, and packs a tree into parts deterministically. */
export { openedPath } from './pack/opened-path';
export { packPart } from './pack/part-pack';
export { planParts, type PlannedEntry, type PlannedPart, type PlanOptions } from './pack/part-plan';
export { type TreeEntry } from './pack/tree-walk';
export { storedContent } from './read/member-content';
export { TarReader, type TarReaderOptions } from './read/tar.reader';
export {
  type NameFlaw,
  type TarEntry,
  type TarEntrySink,
  type TarEntryType,
  type TarSegment,
  type TarSummary,
} from './tar-entry';
export { DEFAULT_TAR_LIMITS, type TarLimits } from './tar-format';
export { TarError, type TarErrorCode, type TarErrorDetail } from './tar.error';
