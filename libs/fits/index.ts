/** Reads FITS files from a stream: structure, conformance, facts, statistics, and the noise of images. Does no I/O. */
export { REMARK_CATALOGUE, type Remark, type RemarkCode, type RemarkLevel } from './conformance/remark';
export { type Beam, type BeamFacts } from './facts/beam';
export { FitsInspector, type FitsInspection, type HduFacts, type InspectorOptions } from './facts/fits-inspector';
export { gzippedImageFacts, storedImageFacts } from './facts/stored-image-facts';
export { type Cutout, openCutout, type StoredFits } from './cutout/open-cutout';
export { type CutoutFilter } from './cutout/plan-cutout';
export { type SkyShape } from './cutout/sky-shape';
export { imageFacts, type ImageFacts, type SoftwareFacts } from './facts/image-facts';
export { inspectFits, type InspectOptions } from './facts/inspect-fits';
export { FitsError, type FitsErrorCode } from './fits.error';
export { type Card, type CardValue } from './header/card';
export { FitsHeader } from './header/fits-header';
export { type Statistics } from './image/image-statistics';
export { compareBeam, compareRms, janskysPerBeam, relativeScatter, type Comparison } from './qa2/claims';
export { type SampledImage } from './qa2/pixel-sample';
export { type ImageNoise } from './qa2/plane-noise';
export {
  isSameSky,
  measureNoise,
  verifyPrimaryBeam,
  type NoiseMeasurement,
  type PrimaryBeamVerification,
  type StokesNoise,
} from './qa2/verify-primary-beam';
export { type ChecksumState } from './reader/checksum';
export { FitsReader, type FitsHandler, type FitsSummary } from './reader/fits-reader';
export { type ReadRange } from './reader/stored-hdu';
export { DEFAULT_LIMITS, holdsImage, type Bitpix, type FitsLimits, type Hdu, type HduKind } from './reader/hdu';
export { separation, type SkyPosition } from './wcs/projection';
export { type SkyFacts } from './wcs/celestial';
export { type Coverage, type Region } from './wcs/coverage';
export { LIGHT, type SpectralFacts } from './wcs/spectral';
