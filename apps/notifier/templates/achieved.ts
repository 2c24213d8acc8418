import { basename } from 'node:path/posix';
import type { DeliveryReport } from '@almagest/contracts';
import { janskysPerBeam } from '@almagest/fits';

type Facts = DeliveryReport['facts'];
type Claim = Facts['claims'][number];
type Measured = Facts['measurements'][number];

/** Images listed when the README states nothing; the report has the others. */
const MOST_UNSTATED = 20;

/** One image: what the README states next to what was measured (§4.1). */
export interface AchievedImage {
  name: string;
  stated: string | null;
  measured: string | null;
  /** The measured image: its last two path components. */
  file: string | null;
  /** Whether the two agree, as a sentence. */
  remark: string | null;
  differs: boolean;
}

/** Returns every image that the README describes; if it describes none, the measured images. */
export function achievedImages({ claims, readme, measurements }: Facts): AchievedImage[] {
  const measured = measurements.filter(({ result }) => result !== null);
  if (claims.length > 0) {
    return claims.map((claim) => {
      const image = measured.find(({ file }) => file === claim.nearest?.file);
      return { name: claim.about ?? 'Image', stated: inWords(claim), ...figuresOf(image), ...compared(claim, image) };
    });
  }
  const stated = (readme?.achieved ?? []).map((statement) => ({
    name: statement.about ?? 'Image',
    stated: inWords(statement),
    measured: null,
    file: null,
    remark: 'The images of this delivery were not measured.',
    differs: false,
  }));
  if (stated.length > 0) return stated;
  return measured
    .filter(({ primaryBeam }) => primaryBeam !== null)
    .slice(0, MOST_UNSTATED)
    .map((image) => ({ name: basename(image.file), stated: null, ...figuresOf(image), remark: null, differs: false }));
}

function figuresOf(image: Measured | undefined): Pick<AchievedImage, 'measured' | 'file'> {
  const result = image?.result ?? null;
  if (image === undefined || result === null) return { measured: null, file: null };
  const noise = noiseOf(image);
  const figures = [
    result.beam === null ? [] : inWords({ beam: result.beam, noise: null }, 3),
    noise === null ? [] : `rms ${noise}`,
  ];
  return { measured: figures.flat().join(', '), file: image.file.split('/').slice(-2).join('/') };
}

/** The noise in Stokes I, in mJy/beam if the unit of the image allows it. */
function noiseOf({ result }: Measured): string | null {
  const noise = result?.noise.find(({ stokes }) => stokes === null || stokes === 'I');
  if (noise === undefined) return null;
  const scale = janskysPerBeam(result?.unit ?? null);
  if (scale === null) return `${rounded(noise.sigma, 3)} ${result?.unit ?? '(no unit)'}`;
  return `${millijansky(noise.sigma * scale, 3)}/beam`;
}

const AGREED =
  'The measured values agree with the README: each axis of the beam within 10 %, the noise within 25 % and its ' +
  'statistical error.';

/** Compares the stated with the measured values; docs/qa2-verification.md lists the tolerances. */
function compared(claim: Claim, image: Measured | undefined): Pick<AchievedImage, 'remark' | 'differs'> {
  const { nearest } = claim;
  if (nearest === null || image === undefined) {
    return { remark: 'This delivery has no image to compare this with.', differs: false };
  }
  const apart = [nearest.beamAgrees === false ? ['beam'] : [], nearest.noiseAgrees === false ? ['noise'] : []].flat();
  if (apart.length === 0) return { remark: AGREED, differs: false };
  return {
    remark:
      `The measured ${apart.join(' and ')} ${apart.length === 1 ? 'differs' : 'differ'} from what the README states. ` +
      'The README may refer to another box, channel width or image: inspect the image before you rely on either value.',
    differs: true,
  };
}

/** The beam and the noise that the project asked for, as a sentence. */
export function proposed({ readme }: Facts): string | null {
  const { proposedRmsJansky: rms = null, proposedBeamArcsec: beam = null } = readme ?? {};
  if (rms === null && beam === null) return null;
  const asked = [
    beam === null ? [] : `a beam of ${beam}"`,
    rms === null ? [] : `an rms of ${millijansky(rms)}/beam`,
  ].flat();
  return `The project asked for ${asked.join(' and ')}.`;
}

/** `0.79" x 0.62" (PA 6 deg), rms 0.21 mJy/beam over 1.5 GHz`; as many digits as were given, at most `digits`. */
function inWords({ beam, noise }: Pick<Claim, 'beam' | 'noise'>, digits = 4): string {
  const angle = beam?.positionAngleDeg ?? null;
  const parts = [
    beam === null
      ? []
      : `beam ${rounded(beam.majorArcsec, digits)}" x ${rounded(beam.minorArcsec, digits)}"` +
        (angle === null ? '' : ` (PA ${Math.round(angle)} deg)`),
    noise === null ? [] : `rms ${millijansky(noise.janskyPerBeam, digits)}/beam${over(noise.width)}`,
  ];
  return parts.flat().join(', ');
}

function over(width: NonNullable<Claim['noise']>['width']): string {
  if (width === null) return '';
  if (width.unit === 'm/s') return ` per ${rounded(width.value / 1e3)} km/s`;
  return width.value >= 1e9 ? ` over ${rounded(width.value / 1e9)} GHz` : ` over ${rounded(width.value / 1e6)} MHz`;
}

function millijansky(jansky: number, digits = 4): string {
  return `${rounded(jansky * 1e3, digits)} mJy`;
}

function rounded(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}
