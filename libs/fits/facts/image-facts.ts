import { FitsHeader } from '../header/fits-header';
import { imageAxes } from '../wcs/axis';
import { SkyFacts, skyFacts, skyMapping } from '../wcs/celestial';
import { Coverage, Disc, skyCoverage } from '../wcs/coverage';
import { SpectralFacts, spectralFacts } from '../wcs/spectral';
import { stokesNames } from '../wcs/stokes';
import { Hdu } from '../reader/hdu';
import { Beam, BeamFacts, headerBeam, medianBeam } from './beam';
import { mosaicOf } from './mosaic';
import { canonicalUnit } from './unit';

/** Facts from an image's header: what the catalogue stores and search clients ask for. */
export interface ImageFacts {
  /** OBJECT. */
  object: string | null;
  /** BUNIT; `Jy/beam` also where CASA 4 wrote JY/BEAM. */
  unit: string | null;
  /** DATE-OBS as written: when the observation began, in UTC. */
  observed: string | null;
  bitpix: number;
  /** NAXIS1, NAXIS2 ... */
  shape: number[];
  sky: SkyFacts | null;
  /** What it covers of the sky, in ICRS; null without sky axes, and in a frame that is not converted. */
  coverage: Coverage | null;
  /** Whether it is imaged from more than one pointing, as HISTORY states; null when it does not. */
  isMosaic: boolean | null;
  /** True for a cut of position against frequency or velocity: its first axis is an offset along a line. */
  isCut: boolean;
  spectral: SpectralFacts | null;
  stokes: string[];
  beam: BeamFacts | null;
  software: SoftwareFacts;
}

/** The software that wrote the image. */
export interface SoftwareFacts {
  /** ORIGIN as written. */
  origin: string | null;
  /** Version of CASA from CASAVER or ORIGIN: `6.7.5-18`. */
  casa: string | null;
  /** Version of the ALMA pipeline (PIPEVER). */
  pipeline: string | null;
}

const CASA_VERSION = /^(?:CASA )?(\d+\.\d+\.\d+(?:-\d+)?)/;
/** CTYPE of the position axis: OFFSET of CASA, ANGLE of other tools. */
const CUT = /^(?:OFFSET|ANGLE|POSITION)$/i;

/**
 * Returns the facts of the image in an HDU, in either of CASA's dialects (CASA 4: `PC01_01`, FK5, JY/BEAM; CASA 5 and
 * later: `PC1_1`, ICRS, Jy/beam). `beams` are the rows of a BEAMS table, which replace a beam in the header. `disc` is
 * the disc of the first two axes that has values, if the image has values only in one.
 */
export function imageFacts(
  hdu: Pick<Hdu, 'header' | 'axes' | 'bitpix'>,
  beams: readonly Beam[] = [],
  disc: Disc | null = null,
): ImageFacts {
  const { header } = hdu;
  const { axes, shape } = imageAxes(hdu);
  const mapping = skyMapping(header, axes);
  return {
    object: header.nonBlankText('OBJECT'),
    unit: unitOf(header),
    observed: header.nonBlankText('DATE-OBS'),
    bitpix: hdu.bitpix,
    shape: [...hdu.axes],
    sky: mapping && skyFacts(mapping, shape),
    coverage: mapping && skyCoverage(mapping, shape, disc),
    isMosaic: mosaicOf(header),
    isCut: axes.some(({ coordinate }) => CUT.test(coordinate)),
    spectral: spectralFacts(header, axes, shape),
    stokes: stokesNames(axes, shape),
    beam: medianBeam(beams) ?? headerBeam(header),
    software: softwareFacts(header),
  };
}

function unitOf(header: FitsHeader): string | null {
  const written = header.nonBlankText('BUNIT');
  return written === null ? null : canonicalUnit(written);
}

function softwareFacts(header: FitsHeader): SoftwareFacts {
  const origin = header.nonBlankText('ORIGIN');
  const casa = [header.nonBlankText('CASAVER'), origin].map((text) => CASA_VERSION.exec(text ?? '')?.[1]).find(Boolean);
  return { origin, casa: casa ?? null, pipeline: header.nonBlankText('PIPEVER') };
}
