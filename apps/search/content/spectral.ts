import type { ImageRecord } from '@almagest/contracts';

const LIGHT_SPEED = 299_792_458;
const TEN_KMS = 10_000;

/** The frequency range of an image: frequencies in Hz, wavelengths in m, velocities in m/s. */
export interface SpectralWindow {
  channels: number;
  shortest: number;
  longest: number;
  frequency: number;
  bandwidth: number;
  channelWidth: number;
  /** A channel as a wavelength and as a velocity. */
  wavelengthWidth: number;
  velocityWidth: number;
}

/** Returns the frequency range of an image; null when its header states none. */
export function spectralWindow({ spectral }: ImageRecord): SpectralWindow | null {
  if (spectral === null) return null;
  const { minimumHz, maximumHz, channels, channelWidthHz } = spectral;
  const frequency = (minimumHz + maximumHz) / 2;
  return {
    channels,
    shortest: LIGHT_SPEED / maximumHz,
    longest: LIGHT_SPEED / minimumHz,
    frequency,
    bandwidth: maximumHz - minimumHz,
    channelWidth: channelWidthHz,
    wavelengthWidth: (LIGHT_SPEED * channelWidthHz) / frequency ** 2,
    velocityWidth: (LIGHT_SPEED * channelWidthHz) / frequency,
  };
}

/** Noise in mJy/beam: in a channel of 10 km/s, and in the whole bandwidth; null when none was measured in Jy/beam. */
export function measuredSensitivity(
  { noise, unit }: ImageRecord,
  { velocityWidth, channelWidth, bandwidth }: SpectralWindow,
): { perTenKms: number | null; continuum: number | null } {
  const [first] = noise;
  const sigma = (noise.find(({ stokes }) => stokes === 'I') ?? first)?.sigma;
  if (sigma === undefined || unit !== 'Jy/beam') return { perTenKms: null, continuum: null };
  return {
    perTenKms: 1000 * sigma * Math.sqrt(velocityWidth / TEN_KMS),
    continuum: 1000 * sigma * Math.sqrt(channelWidth / bandwidth),
  };
}

/** Returns a range as `frequency_support` has it: `[230.10..232.10GHz,488.28kHz,1.2mJy/beam@10km/s,..., XX YY]`. */
export function rangeText(facts: ImageRecord, spectral: SpectralWindow): string {
  const { minimumHz, maximumHz } = facts.spectral ?? { minimumHz: 0, maximumHz: 0 };
  const { perTenKms, continuum } = measuredSensitivity(facts, spectral);
  return (
    `[${(minimumHz / 1e9).toFixed(4)}..${(maximumHz / 1e9).toFixed(4)}GHz` +
    `,${(spectral.channelWidth / 1e3).toFixed(2)}kHz` +
    (perTenKms === null ? '' : `,${short(perTenKms)}mJy/beam@10km/s`) +
    (continuum === null ? '' : `,${short(continuum * 1000)}uJy/beam@native`) +
    `, ${facts.stokes.join(' ')}]`
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
