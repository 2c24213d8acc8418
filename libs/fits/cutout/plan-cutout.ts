import { FitsError } from '../fits.error';
import type { Hdu } from '../reader/hdu';
import { imageAxes, type WorldAxis } from '../wcs/axis';
import { skyMapping } from '../wcs/celestial';
import { spectralMapping } from '../wcs/spectral';
import { stokesAxis, stokesNames } from '../wcs/stokes';
import { pixelsBetween, skyBox } from './sky-box';
import type { SkyShape } from './sky-shape';

/** What to cut out of an image: everything along an axis whose filter is null. */
export interface CutoutFilter {
  readonly sky: SkyShape | null;
  /** Frequencies in the frame of the image (SPECSYS), both included; 0 and Infinity for an open end. */
  readonly band: { readonly minimumHz: number; readonly maximumHz: number } | null;
  /** Names of Stokes parameters or correlations, such as I or XX. Those that the image does not have are left out. */
  readonly stokes: readonly string[] | null;
}

/** The pixels to cut out along one axis: `count` of them from `first` (the first pixel is 1), each `step` apart. */
export interface AxisCut {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

/**
 * Returns what to cut out along each pixel axis; null when the filter and the image share no pixel.
 * @throws FitsError `fits.cutout` for an image that lacks the axis of a filter, or whose axis cannot be used
 */
export function planCutout(hdu: Hdu, filter: CutoutFilter): AxisCut[] | null {
  const { header, axes: lengths } = hdu;
  const { axes, shape } = imageAxes(hdu);
  const cuts = shape.map((length): AxisCut => ({ first: 1, count: length, step: 1 }));
  const narrow = (axis: number, [first, last]: readonly [number, number]): void => {
    cuts[axis] = { first, count: last - first + 1, step: 1 };
  };
  if (filter.sky !== null) {
    const mapping = skyMapping(header, axes);
    if (mapping === null) throw lacking('sky axes', 'POS, CIRCLE or POLYGON');
    const box = skyBox(mapping, shape, filter.sky);
    if (box === null) return null;
    narrow(mapping.pair[0], box.lon);
    narrow(mapping.pair[1], box.lat);
  }
  if (filter.band !== null) {
    const found = channels(header, axes, shape, filter.band);
    if (found === null) return null;
    narrow(found.axis, found.range);
  }
  if (filter.stokes !== null) {
    const axis = stokesAxis(axes);
    const cut = stokesCut(stokesNames(axes, shape), filter.stokes);
    if (cut === null) return null;
    cuts[axis] = cut;
  }
  return cuts.slice(0, lengths.length);
}

function channels(
  header: Hdu['header'],
  axes: readonly WorldAxis[],
  shape: readonly number[],
  { minimumHz, maximumHz }: NonNullable<CutoutFilter['band']>,
): { axis: number; range: [number, number] } | null {
  const mapping = spectralMapping(header, axes, shape);
  if (mapping === null) throw lacking('spectral axis with known frequencies', 'BAND');
  const { position, toHz, toChannel } = mapping;
  const length = shape[position] ?? 1;
  const edges = [toHz(0.5), toHz(length + 0.5)];
  const [lowest, highest] = [Math.min(...edges), Math.max(...edges)];
  if (maximumHz < lowest || minimumHz > highest) return null;
  const ends = [toChannel(Math.max(minimumHz, lowest)), toChannel(Math.min(maximumHz, highest))];
  if (!ends.every(Number.isFinite)) throw lacking('spectral axis with known frequencies', 'BAND');
  return { axis: position, range: pixelsBetween(Math.min(...ends), Math.max(...ends), length) };
}

/** The values along a STOKES axis have equal steps, so only such a choice of them can be written. */
function stokesCut(names: readonly string[], wanted: readonly string[]): AxisCut | null {
  if (names.length === 0) throw lacking('STOKES axis', 'POL');
  const found = names.flatMap((name, index) => (wanted.includes(name) ? [index] : []));
  const [first, second] = found;
  if (first === undefined) return null;
  const step = second === undefined ? 1 : second - first;
  if (found.every((index, i) => index === first + i * step)) return { first: first + 1, count: found.length, step };
  const chosen = found.map((index) => names[index]).join(', ');
  throw new FitsError(
    'fits.cutout',
    `${chosen} are not evenly spaced on the axis ${names.join(', ')}: ask for them one by one, or for all`,
  );
}

function lacking(what: string, filter: string): FitsError {
  return new FitsError('fits.cutout', `the image has no ${what} that ${filter} could cut`);
}
