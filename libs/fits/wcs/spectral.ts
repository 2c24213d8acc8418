import { FitsHeader } from '../header/fits-header';
import { WorldAxis } from './axis';
import { linearMatrix } from './linear';

/** What an image's spectral axis covers (FITS 3.0 §8.4). Frequencies in Hz, in the frame named. */
export interface SpectralFacts {
  /** CTYPE of the axis: FREQ, VRAD, VOPT ... */
  type: string;
  /** SPECSYS: LSRK, BARYCENT, TOPOCENT ...; null when the header does not say. */
  frame: string | null;
  channels: number;
  /** From the outer edge of one end channel to that of the other. */
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

/** Position of the spectral axis among the world axes, from 0; -1 when there is none this reader knows. */
export function spectralAxis(axes: readonly WorldAxis[]): number {
  return axes.findIndex((axis) => spectralType(axis) !== null);
}

function spectralType(axis: WorldAxis): SpectralType | null {
  return TYPES.find((type) => type === axis.coordinate) ?? null;
}

/** Spectral facts of an image; null without a spectral axis, or where a velocity has no rest frequency. */
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
    frame: header.words('SPECSYS'),
    channels,
    minimumHz: Math.min(first, last),
    maximumHz: Math.max(first, last),
    channelWidthHz: width,
    restHz: rest,
  };
}

/** Frequency at a pixel position along the axis; null when units or the rest frequency do not allow it. */
function frequencyAt(axis: WorldAxis, step: number, rest: number | null): ((pixel: number) => number) | null {
  const type = spectralType(axis);
  const scale = { FREQ: HERTZ, VRAD: SPEED, VOPT: SPEED, VELO: SPEED, WAVE: LENGTH }[type ?? 'FREQ'][axis.unit];
  if (!type || scale === undefined) return null;
  const toHz = conversion(type, rest);
  if (!toHz) return null;
  const reference = axis.crval * scale;
  const increment = step * scale;
  if (type === 'VOPT' && axis.algorithm === 'F2W') {
    // Channels of equal frequency, told as optical velocities: linear in frequency with the slope at the reference.
    const hz = toHz(reference);
    const slope = (-hz / (LIGHT + reference)) * increment;
    return (pixel) => hz + (pixel - axis.crpix) * slope;
  }
  return (pixel) => toHz(reference + (pixel - axis.crpix) * increment);
}

/** From the axis' own quantity in SI units to Hz (Greisen et al. 2006, table 3). */
function conversion(type: SpectralType, rest: number | null): ((value: number) => number) | null {
  if (type === 'FREQ') return (hz) => hz;
  if (type === 'WAVE') return (metres) => LIGHT / metres;
  if (rest === null) return null;
  if (type === 'VRAD') return (speed) => rest * (1 - speed / LIGHT);
  if (type === 'VOPT') return (speed) => rest / (1 + speed / LIGHT);
  return (speed) => rest * Math.sqrt((LIGHT - speed) / (LIGHT + speed));
}
