import { binaryColumns, Column } from '../reader/table-columns';
import { Hdu } from '../reader/hdu';
import { Beam } from './beam';

const ARCSEC: Record<string, number> = { arcsec: 1, arcmin: 60, deg: 3600, rad: (180 / Math.PI) * 3600 };
const DEGREES: Record<string, number> = { deg: 1, rad: 180 / Math.PI, arcsec: 1 / 3600, arcmin: 1 / 60 };
const MOST_BEAMS = 100_000;
const WIDEST_ROW = 64 * 1024;

interface BeamColumns {
  major: Column;
  minor: Column;
  angle: Column;
}

/** Collects the rows of CASA's BEAMS table (one beam for each channel and Stokes parameter) as its bytes arrive. */
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

  /** For an HDU that is such a table: named BEAMS, with the columns BMAJ, BMIN and BPA of plain numbers. Else null. */
  static from(hdu: Hdu): BeamTable | null {
    if (hdu.kind !== 'bintable' || hdu.name !== 'BEAMS') return null;
    const columns = binaryColumns(hdu) ?? [];
    const [major, minor, angle] = ['BMAJ', 'BMIN', 'BPA'].map((name) => columns.find((column) => column.name === name));
    const [rowBytes = 0, rows = 0] = hdu.axes;
    if (!major || !minor || !angle || rowBytes > WIDEST_ROW || rows > MOST_BEAMS) return null;
    const sound = [major, minor, angle].every(
      (column) =>
        (column.code === 'E' || column.code === 'D') && column.repeat === 1 && column.offset + column.width <= rowBytes,
    );
    return sound ? new BeamTable({ major, minor, angle }, rowBytes, rows) : null;
  }

  /** Takes the next bytes of the table; the heap behind the rows is passed over. */
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
    const beam = {
      majorArcsec: this.number(major) * (ARCSEC[major.unit ?? 'arcsec'] ?? NaN),
      minorArcsec: this.number(minor) * (ARCSEC[minor.unit ?? 'arcsec'] ?? NaN),
      paDeg: this.number(angle) * (DEGREES[angle.unit ?? 'deg'] ?? NaN),
    };
    // CASA writes zeros for channels that were not imaged.
    if (beam.minorArcsec > 0 && beam.majorArcsec >= beam.minorArcsec && Number.isFinite(beam.paDeg))
      this.beams.push(beam);
  }

  private number(column: Column): number {
    return column.code === 'D' ? this.row.readDoubleBE(column.offset) : this.row.readFloatBE(column.offset);
  }
}
