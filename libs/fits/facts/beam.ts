import { FitsHeader } from '../header/fits-header';
import { Hdu } from '../reader/hdu';
import { binaryColumns, Column } from '../reader/table-columns';

/** A synthesised beam: full widths at half maximum in arcsec, position angle in degrees, north through east. */
export interface Beam {
  majorArcsec: number;
  minorArcsec: number;
  paDeg: number;
}

/** The beams of an image: one in the header, or one for each channel (and Stokes parameter) in a BEAMS table. */
export interface BeamFacts extends Beam {
  /** Number of beams in the file: 1 from the header, else the rows of the table. The beam above is their median. */
  count: number;
  /** The smallest and the largest by area; equal to the median when there is only one. */
  smallest: Beam;
  largest: Beam;
}

const ARCSEC_PER_DEGREE = 3600;

/** A round beam may have BMIN above BMAJ in the last digits of single precision: 7.3 and 7.3000005. */
const ROUND = 1e-5;

/**
 * Returns the beam with its major axis first; null when it is no ellipse. Axes that differ only by rounding are
 * exchanged. A minor axis that is clearly the longer one is an error in the file.
 */
function ordered({ majorArcsec, minorArcsec, paDeg }: Beam): Beam | null {
  if (!(minorArcsec > 0) || !Number.isFinite(majorArcsec) || !Number.isFinite(paDeg)) return null;
  if (majorArcsec >= minorArcsec) return { majorArcsec, minorArcsec, paDeg };
  const isRound = minorArcsec <= majorArcsec * (1 + ROUND);
  return isRound ? { majorArcsec: minorArcsec, minorArcsec: majorArcsec, paDeg } : null;
}

/** Reads BMAJ, BMIN (degrees) and BPA as CASA, AIPS and MIRIAD write them; returns null when there is no beam. */
export function headerBeam(header: FitsHeader): BeamFacts | null {
  const [major, minor] = [header.number('BMAJ'), header.number('BMIN')];
  if (major === null || minor === null || major > 180) return null;
  const beam = ordered({
    majorArcsec: major * ARCSEC_PER_DEGREE,
    minorArcsec: minor * ARCSEC_PER_DEGREE,
    paDeg: header.number('BPA') ?? 0,
  });
  return beam && { ...beam, count: 1, smallest: beam, largest: beam };
}

/**
 * Returns the median of each of the three parameters over all beams, as the beam of a cube; null without beams.
 * Position angles are first moved to within 90 degrees of the first one, as -89 and 89 are neighbours.
 */
export function medianBeam(beams: readonly Beam[]): BeamFacts | null {
  const first = beams[0];
  if (!first) return null;
  const angles = beams.map(({ paDeg }) => paDeg - 180 * Math.round((paDeg - first.paDeg) / 180));
  const area = (beam: Beam): number => beam.majorArcsec * beam.minorArcsec;
  return {
    majorArcsec: median(beams.map((beam) => beam.majorArcsec)),
    minorArcsec: median(beams.map((beam) => beam.minorArcsec)),
    paDeg: median(angles),
    count: beams.length,
    smallest: beams.reduce((best, beam) => (area(beam) < area(best) ? beam : best)),
    largest: beams.reduce((best, beam) => (area(beam) > area(best) ? beam : best)),
  };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  return (lower + upper) / 2;
}

/** Returns the beam's area in pixels: the solid angle of a Gaussian, pi / (4 ln 2) x major x minor, over a pixel's. */
export function pixelsPerBeam(beam: Beam, [width, height]: readonly [number, number]): number {
  return ((Math.PI / (4 * Math.LN2)) * beam.majorArcsec * beam.minorArcsec) / (width * height);
}

const ARCSEC: Record<string, number> = { arcsec: 1, arcmin: 60, deg: 3600, rad: (180 / Math.PI) * 3600 };
const DEGREES: Record<string, number> = { deg: 1, rad: 180 / Math.PI, arcsec: 1 / 3600, arcmin: 1 / 60 };
const MAX_BEAMS = 100_000;
const MAX_ROW_BYTES = 64 * 1024;

interface BeamColumns {
  major: Column;
  minor: Column;
  angle: Column;
}

/** Reads the rows of CASA's BEAMS table (one beam for each channel and Stokes parameter) as its bytes arrive. */
export class BeamTable {
  readonly beams: Beam[] = [];
  private readonly row: Buffer;
  private filled = 0;
  private rowsLeft: number;

  private constructor(
    private readonly columns: BeamColumns,
    rowBytes: number,
    rows: number,
  ) {
    this.row = Buffer.alloc(rowBytes);
    this.rowsLeft = rows;
  }

  /** Returns null unless the HDU is such a table: named BEAMS, with scalar columns BMAJ, BMIN and BPA. */
  static from(hdu: Hdu): BeamTable | null {
    if (!isBeamTable(hdu)) return null;
    const columns = binaryColumns(hdu) ?? [];
    const [major, minor, angle] = ['BMAJ', 'BMIN', 'BPA'].map((name) => columns.find((column) => column.name === name));
    const [rowBytes = 0, rows = 0] = hdu.axes;
    if (!major || !minor || !angle || rowBytes > MAX_ROW_BYTES || rows > MAX_BEAMS) return null;
    const isReadable = [major, minor, angle].every(
      (column) =>
        (column.code === 'E' || column.code === 'D') && column.repeat === 1 && column.offset + column.width <= rowBytes,
    );
    return isReadable ? new BeamTable({ major, minor, angle }, rowBytes, rows) : null;
  }

  /** Reads the next bytes of the table; skips the heap after the rows. */
  add(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length && this.rowsLeft > 0) {
      const taken = Math.min(bytes.length - from, this.row.length - this.filled);
      this.row.set(bytes.subarray(from, from + taken), this.filled);
      this.filled += taken;
      from += taken;
      if (this.filled === this.row.length) this.readRow();
    }
  }

  private readRow(): void {
    this.filled = 0;
    this.rowsLeft -= 1;
    const { major, minor, angle } = this.columns;
    const beam = ordered({
      majorArcsec: this.number(major) * (ARCSEC[major.unit ?? 'arcsec'] ?? NaN),
      minorArcsec: this.number(minor) * (ARCSEC[minor.unit ?? 'arcsec'] ?? NaN),
      paDeg: this.number(angle) * (DEGREES[angle.unit ?? 'deg'] ?? NaN),
    });
    // CASA writes zeros for channels that were not imaged.
    if (beam) this.beams.push(beam);
  }

  private number(column: Column): number {
    return column.code === 'D' ? this.row.readDoubleBE(column.offset) : this.row.readFloatBE(column.offset);
  }
}

/** Returns true for the table in which CASA writes one beam for each channel and Stokes parameter. */
export function isBeamTable({ kind, name }: Hdu): boolean {
  return kind === 'bintable' && name === 'BEAMS';
}
