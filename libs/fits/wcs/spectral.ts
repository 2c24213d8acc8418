import { FitsHeader } from '../header/fits-header';
import { linearMatrix, WorldAxis } from './axis';

/** The range of an image's spectral axis (FITS 3.0 §8.4). Frequencies in Hz, in the given frame. */
export interface SpectralFacts {
  /** CTYPE of the axis: FREQ, VRAD, VOPT ... */
  type: string;
  /** SPECSYS: LSRK, BARYCENT, TOPOCENT ...; null when the header has none. */
  frame: string | null;
  channels: number;
  /** From the outer edge of the first channel to that of the last. */
  minimumHz: number;
  maximumHz: number;
  /** Width of the middle channel. */
  channelWidthHz: number;
  restHz: number | null;
}

/** The speed of light in m/s. */
export const LIGHT = 299_792_458;
const HERTZ: Record<string, number> = { '': 1, Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9, THz: 1e12 };
const SPEED: Record<string, number> = { '': 1, 'm/s': 1, 'm s-1': 1, 'm.s-1': 1, 'km/s': 1e3, 'km s-1': 1e3 };
const LENGTH: Record<string, number> = { '': 1, m: 1, cm: 1e-2, mm: 1e-3, um: 1e-6, nm: 1e-9 };

const TYPES = ['FREQ', 'VRAD', 'VOPT', 'VELO', 'WAVE'] as const;
type SpectralType = (typeof TYPES)[number];

/** Returns the index (from 0) of the spectral axis among the world axes; -1 without one of a known type. */
export function spectralAxis(axes: readonly WorldAxis[]): number {
  return axes.findIndex((axis) => spectralType(axis) !== null);
}

function spectralType(axis: WorldAxis): SpectralType | null {
  return TYPES.find((type) => type === axis.coordinate) ?? null;
}

/** How the channels of an image map to frequencies in Hz; the middle of the first channel is 1. */
export interface SpectralMapping {
  /** Index (from 0) of the axis. */
  position: number;
  toHz: (channel: number) => number;
  toChannel: (hz: number) => number;
}

/**
 * Returns the mapping; null without a spectral axis, for an unknown unit, for velocities without a rest frequency, and when
 * the frequencies of the channels are not finite.
 */
export function spectralMapping(
  header: FitsHeader,
  axes: readonly WorldAxis[],
  shape: readonly number[],
): SpectralMapping | null {
  const position = spectralAxis(axes);
  const axis = axes[position];
  const channels = shape[position];
  if (!axis || channels === undefined || channels < 1) return null;
  const step = linearMatrix(header, axes, null)[position]?.[position] ?? axis.cdelt;
  const scale = frequencyScale(axis, step, restOf(header));
  if (!scale || ![scale.toHz(0.5), scale.toHz(channels + 0.5)].every(Number.isFinite)) return null;
  return { position, ...scale };
}

function restOf(header: FitsHeader): number | null {
  const restHz = header.number('RESTFRQ') ?? header.number('RESTFREQ');
  return restHz !== null && restHz > 0 ? restHz : null;
}

/** Returns the spectral facts of an image; null without a spectral axis, or for velocities without a rest frequency. */
export function spectralFacts(
  header: FitsHeader,
  axes: readonly WorldAxis[],
  shape: readonly number[],
): SpectralFacts | null {
  const mapping = spectralMapping(header, axes, shape);
  const axis = axes[mapping?.position ?? -1];
  if (!mapping || !axis) return null;
  const { toHz, position } = mapping;
  const channels = shape[position] ?? 1;
  const middle = Math.floor((channels + 1) / 2);
  const [first, last] = [toHz(0.5), toHz(channels + 0.5)];
  const width = Math.abs(toHz(middle + 0.5) - toHz(middle - 0.5));
  if (!Number.isFinite(width)) return null;
  return {
    type: axis.ctype.trimEnd(),
    frame: header.nonBlankText('SPECSYS'),
    channels,
    minimumHz: Math.min(first, last),
    maximumHz: Math.max(first, last),
    channelWidthHz: width,
    restHz: restOf(header),
  };
}

type FrequencyScale = Pick<SpectralMapping, 'toHz' | 'toChannel'>;

/** Returns the frequencies of the pixels; null for an unknown unit or without a needed rest frequency. */
function frequencyScale(axis: WorldAxis, step: number, rest: number | null): FrequencyScale | null {
  const type = spectralType(axis);
  const scale = { FREQ: HERTZ, VRAD: SPEED, VOPT: SPEED, VELO: SPEED, WAVE: LENGTH }[type ?? 'FREQ'][axis.unit];
  if (!type || scale === undefined) return null;
  const conversion = conversionOf(type, rest);
  if (!conversion) return null;
  const { toHz, fromHz } = conversion;
  const reference = axis.crval * scale;
  const increment = step * scale;
  if (type === 'VOPT' && axis.algorithm === 'F2W') {
    // Optical velocities of channels of equal frequency width: linear in frequency, with the slope at the reference.
    const hz = toHz(reference);
    const slope = (-hz / (LIGHT + reference)) * increment;
    return {
      toHz: (pixel) => hz + (pixel - axis.crpix) * slope,
      toChannel: (frequency) => axis.crpix + (frequency - hz) / slope,
    };
  }
  return {
    toHz: (pixel) => toHz(reference + (pixel - axis.crpix) * increment),
    toChannel: (frequency) => axis.crpix + (fromHz(frequency) - reference) / increment,
  };
}

interface Conversion {
  toHz: (value: number) => number;
  fromHz: (hz: number) => number;
}

/** Returns the conversion between the quantity of the axis in SI units and Hz (Greisen et al. 2006, table 3). */
function conversionOf(type: SpectralType, rest: number | null): Conversion | null {
  if (type === 'FREQ') return { toHz: (hz) => hz, fromHz: (hz) => hz };
  if (type === 'WAVE') return { toHz: (metres) => LIGHT / metres, fromHz: (hz) => LIGHT / hz };
  if (rest === null) return null;
  if (type === 'VRAD') {
    return { toHz: (speed) => rest * (1 - speed / LIGHT), fromHz: (hz) => LIGHT * (1 - hz / rest) };
  }
  if (type === 'VOPT') {
    return { toHz: (speed) => rest / (1 + speed / LIGHT), fromHz: (hz) => LIGHT * (rest / hz - 1) };
  }
  return {
    toHz: (speed) => rest * Math.sqrt((LIGHT - speed) / (LIGHT + speed)),
    fromHz: (hz) => (LIGHT * (rest * rest - hz * hz)) / (rest * rest + hz * hz),
  };
}
