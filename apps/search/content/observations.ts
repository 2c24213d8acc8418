import { footprintOf } from '@almagest/adql';
import type { ImageRecord, Qa2Outcome } from '@almagest/contracts';
import { groupBy } from '@almagest/delivery';
import { bandOf } from './bands';
import { galactic, stcs } from './sky';
import { measuredSensitivity, rangeText, type SpectralWindow, spectralWindow } from './spectral';

/** A row of `search.observation` by its SQL columns, without those that the database or the execution blocks give. */
export type ObservationRow = Record<string, string | number | null>;

/** A file that shows a part of the sky. */
export interface Image {
  readonly path: string;
  readonly sha256: string;
  readonly role: string;
  readonly facts: ImageRecord;
}

/** What the rows of an ObsUnitSet have in common. */
export interface Delivered {
  readonly project: string;
  readonly ous: string;
  readonly level: 'member' | 'group';
  readonly group: string;
  readonly outcome: Qa2Outcome;
  /** `YYYY-MM-DD`; null: they stay proprietary. */
  readonly releaseDate: string | null;
  /** Of all parts. */
  readonly bytes: number;
}

/** A cube has more than this many channels; with fewer, the row is an image. */
const IMAGE_CHANNELS = 128;

/** Returns whether an image is a cube, and not an image of few channels. */
export function isCube({ spectral }: ImageRecord): boolean {
  return (spectral?.channels ?? 0) > IMAGE_CHANNELS;
}

/** The roles of science images, the one that describes a row best first. */
const SCIENCE_ROLES = ['image.pbcor', 'image.singledish', 'image', 'image.dirty'];

/** Returns the images of files that a row can describe: neither calibrators nor masks, moments and cuts. */
export function scienceImage({
  image: facts,
  ...file
}: Omit<Image, 'facts'> & { image: ImageRecord | null }): Image | null {
  return facts !== null && SCIENCE_ROLES.includes(file.role) ? { ...file, facts } : null;
}

/**
 * Returns the rows of an ObsUnitSet: one for each source and spectral window, as the observatory has them. An aggregate of
 * several windows gets a row of its own if the source has no image of a single one. A delivery without an image that
 * states its facts gets one row without a position, so that it can be found by its names.
 */
export function observationRows(delivery: Delivered, images: readonly Image[]): ObservationRow[] {
  const sources = groupBy(images, ({ facts }) => facts.object ?? '');
  const common = commonColumns(delivery);
  if (sources.size === 0) return [{ ...common, obs_id: delivery.ous }];
  return [...sources].flatMap(([source, all]) => {
    const single = all.filter(({ facts }) => facts.spectralWindows.length <= 1);
    const windows = groupBy(single.length > 0 ? single : all, ({ facts }) => windowName(facts));
    const rows = [...windows].map(([window, shown]) => sourceRow(source, window, best(shown)));
    const support = rows.map(({ range }) => range).filter((range) => range !== null);
    return rows.map(({ columns }) => ({
      ...common,
      ...columns,
      obs_id: `${delivery.ous}.source.${source}.${columns.obs_id}`,
      frequency_support: support.length === 0 ? null : support.join(' U '),
    }));
  });
}

function commonColumns({ project, ous, level, group, outcome, releaseDate, bytes }: Delivered): ObservationRow {
  return {
    ous,
    proposal_id: project,
    group_ous_uid: group,
    member_ous_uid: level === 'member' ? ous : null,
    calib_level: level === 'member' ? 2 : 3,
    dataproduct_type: 'image',
    qa2_passed: outcome === 'PASS' ? 'T' : 'F',
    access_estsize: Math.ceil(bytes / 1000),
    release_date: releaseDate,
  };
}

/** The spectral window by its number where the name of the file has it, else by its middle frequency in MHz. */
function windowName({ spectralWindows, spectral }: ImageRecord): string {
  if (spectralWindows.length > 0) return `spw.${spectralWindows.join('_')}`;
  if (spectral === null) return 'image';
  return `frequency.${Math.round((spectral.minimumHz + spectral.maximumHz) / 2e6)}`;
}

/** The image that describes a row: by its role, then the one with more channels. */
function best(images: readonly Image[]): Image {
  const rank = ({ role }: Image): number => SCIENCE_ROLES.indexOf(role);
  const [first] = images.toSorted(
    (a, b) => rank(a) - rank(b) || (b.facts.spectral?.channels ?? 0) - (a.facts.spectral?.channels ?? 0),
  );
  if (first === undefined) throw new Error('a group of images is never empty');
  return first;
}

function sourceRow(
  source: string,
  window: string,
  { path, sha256, facts }: Image,
): { columns: ObservationRow; range: string | null } {
  const spectral = spectralWindow(facts);
  const observed = modifiedJulianDay(facts.observed);
  const beam = facts.beam === null ? null : Math.sqrt(facts.beam.majorArcsec * facts.beam.minorArcsec);
  return {
    columns: {
      obs_id: window,
      image_path: path,
      image_sha256: sha256,
      target_name: source === '' ? null : source,
      ...skyColumns(facts),
      ...spectralColumns(facts, spectral),
      s_resolution: beam,
      spatial_resolution: beam,
      observed,
      t_min: observed,
      pol_xel: facts.stokes.length === 0 ? null : facts.stokes.length,
      pol_states: facts.stokes.length === 0 ? null : `/${facts.stokes.join('/')}/`,
      is_mosaic: facts.mosaic === null ? null : facts.mosaic ? 'T' : 'F',
    },
    range: spectral === null ? null : rangeText(facts, spectral),
  };
}

function skyColumns({ centre, region, skyPixels }: ImageRecord): ObservationRow {
  const footprint = region === null ? null : stcs(region);
  const bounds = footprint === null ? null : footprintOf(footprint);
  const position = centre === null ? null : galactic(centre);
  return {
    s_ra: centre?.[0] ?? null,
    s_dec: centre?.[1] ?? null,
    centre: centre === null ? null : `(${centre.join(',')})`,
    gal_longitude: position?.longitude ?? null,
    gal_latitude: position?.latitude ?? null,
    footprint,
    footprint_box: bounds?.box ?? null,
    footprint_x: bounds?.x ?? null,
    footprint_y: bounds?.y ?? null,
    footprint_z: bounds?.z ?? null,
    footprint_radius: bounds?.radius ?? null,
    footprint_shape: bounds === null ? null : `{${bounds.shape.join(',')}}`,
    s_fov: bounds === null ? null : (2 * bounds.radius * 180) / Math.PI,
    s_xel1: skyPixels?.[0] ?? null,
    s_xel2: skyPixels?.[1] ?? null,
  };
}

function spectralColumns(facts: ImageRecord, spectral: SpectralWindow | null): ObservationRow {
  if (spectral === null) return {};
  const { channels, shortest, longest, frequency, bandwidth, channelWidth, wavelengthWidth, velocityWidth } = spectral;
  const { perTenKms, continuum } = measuredSensitivity(facts, spectral);
  return {
    dataproduct_type: isCube(facts) ? 'cube' : 'image',
    em_xel: channels,
    em_min: shortest,
    em_max: longest,
    wavelengths: `[${shortest},${longest}]`,
    em_res_power: frequency / channelWidth,
    em_resolution: wavelengthWidth,
    bandwidth,
    frequency: frequency / 1e9,
    spectral_resolution: channelWidth / 1e3,
    velocity_resolution: velocityWidth,
    band_list: bandOf(frequency)?.toString() ?? null,
    sensitivity_10kms: perTenKms,
    cont_sensitivity_bandwidth: continuum,
  };
}

/** Returns a time as a modified Julian day; null when it is missing or malformed. */
export function modifiedJulianDay(time: string | null | undefined): number | null {
  if (time == null) return null;
  // DATE-OBS is UTC, and has no zone (FITS 4.0, 4.4.2.1).
  const instant = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/i.test(time) || !time.includes('T') ? time : `${time}Z`);
  return Number.isNaN(instant) ? null : instant / 86_400_000 + 40_587;
}
