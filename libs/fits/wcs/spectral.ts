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

const LIGHT = 299_792_458;
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

/** Returns the spectral facts of an image; null without a spectral axis, or for velocities without a rest frequency. */
export function spectralFacts(
  header: FitsHeader,
  axes: readonly WorldAxis[],
  shape: readonly number[],
): SpectralFacts | null {
  const position = spectralAxis(axes);
  const axis = axes[position];
  const channels = shape[position];
  if (!axis || channels === undefined || channels < 1) return null;
  const restHz = header.number('RESTFRQ') ?? header.number('RESTFREQ');
  const rest = restHz !== null && restHz > 0 ? restHz : null;
  const step = linearMatrix(header, axes, null)[position]?.[position] ?? axis.cdelt;
  const toHz = frequencyAt(axis, step, rest);
  if (!toHz) return null;
  const middle = Math.floor((channels + 1) / 2);
  const [first, last] = [toHz(0.5), toHz(channels + 0.5)];
  const width = Math.abs(toHz(middle + 0.5) - toHz(middle - 0.5));
  if (![first, last, width].every(Number.isFinite)) return null;
  return {
    type: axis.ctype.trimEnd(),
    frame: header.nonBlankText('SPECSYS'),
    channels,
    minimumHz: Math.min(first, last),
    maximumHz: Math.max(first, last),
    channelWidthHz: width,
    restHz: rest,
  };
}

/** Returns the frequency as a function of the pixel; null for an unknown unit or without a needed rest frequency. */
function frequencyAt(axis: WorldAxis, step: number, rest: number | null): ((pixel: number) => number) | null {
  const type = spectralType(axis);
  const scale = { FREQ: HERTZ, VRAD: SPEED, VOPT: SPEED, VELO: SPEED, WAVE: LENGTH }[type ?? 'FREQ'][axis.unit];
  if (!type || scale === undefined) return null;
  const toHz = conversion(type, rest);
  if (!toHz) return null;
  const reference = axis.crval * scale;
  const increment = step * scale;
  if (type === 'VOPT' && axis.algorithm === 'F2W') {
    // Optical velocities of channels of equal frequency width: linear in frequency, with the slope at the reference.
    const hz = toHz(reference);
    const slope = (-hz / (LIGHT + reference)) * increment;
    return (pixel) => hz + (pixel - axis.crpix) * slope;
  }
  return (pixel) => toHz(reference + (pixel - axis.crpix) * increment);
}

/** Returns the conversion from the quantity of the axis in SI units to Hz (Greisen et al. 2006, table 3). */
function conversion(type: SpectralType, rest: number | null): ((value: number) => number) | null {
  if (type === 'FREQ') return (hz) => hz;
  if (type === 'WAVE') return (metres) => LIGHT / metres;
  if (rest === null) return null;
  if (type === 'VRAD') return (speed) => rest * (1 - speed / LIGHT);
  if (type === 'VOPT') return (speed) => rest / (1 + speed / LIGHT);
  return (speed) => rest * Math.sqrt((LIGHT - speed) / (LIGHT + speed));
}
