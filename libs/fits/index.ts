/** FITS files as they stream by: structure, conformance, facts, statistics, and the noise of images. No I/O client. */
export { REMARK_CATALOGUE, type Remark, type RemarkCode, type RemarkLevel } from './conformance/remark';
export { type Beam, type BeamFacts } from './facts/beam';
export { FitsInspector, type FitsInspection, type HduFacts, type InspectorOptions } from './facts/fits-inspector';
export { imageFacts, type ImageFacts, type SoftwareFacts } from './facts/image-facts';
export { inspectFits, type InspectOptions } from './facts/inspect-fits';
export { FitsError, type FitsErrorCode } from './fits.error';
export { type Card } from './header/card';
export { type CardValue } from './header/card-value';
export { FitsHeader } from './header/fits-header';
export { type Statistics } from './image/image-statistics';
export { compareBeam, compareRms, janskysPerBeam, relativeScatter, type Comparison } from './qa2/claims';
export { type ImageNoise } from './qa2/line-free-noise';
export { type SampledImage } from './qa2/sampled-image';
export {
  isSameSky,
  measureNoise,
  verifyPrimaryBeam,
  type NoiseMeasurement,
  type PrimaryBeamVerification,
  type StokesNoise,
} from './qa2/verify-primary-beam';
export { FitsReader, type FitsHandler, type FitsSummary } from './reader/fits-reader';
export { holdsImage, type Bitpix, type Hdu, type HduKind } from './reader/hdu';
export { type ChecksumState } from './reader/hdu-sums';
export { DEFAULT_LIMITS, type FitsLimits } from './reader/limits';
export { separation, type SkyPosition } from './wcs/projection';
export { type SkyFacts } from './wcs/celestial';
export { type SpectralFacts } from './wcs/spectral';
