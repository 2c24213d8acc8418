import { FitsError } from '../fits.error';
import { type Hdu, paddingLength } from '../reader/hdu';
import type { ReadRange } from '../reader/stored-hdu';
import { binaryColumns, type Column } from '../reader/table-columns';
import { headerBytes, rewritten } from './cutout-header';
import type { AxisCut } from './plan-cutout';

/** A table with more bytes is refused: the beams of 7680 channels and four Stokes parameters have 614,400. */
const MAX_TABLE_BYTES = 1024 * 1024;
const INTEGERS: Record<string, (row: Buffer, column: Column, value?: number) => number> = {
  B: (row, { offset }, value) => (value === undefined ? row.readUInt8(offset) : row.writeUInt8(value, offset)),
  I: (row, { offset }, value) => (value === undefined ? row.readInt16BE(offset) : row.writeInt16BE(value, offset)),
  J: (row, { offset }, value) => (value === undefined ? row.readInt32BE(offset) : row.writeInt32BE(value, offset)),
};

/**
 * Returns the HDU of a BEAMS table with the rows of the channels and Stokes parameters that are cut out. Their numbers, in
 * the columns CHAN and POL, are from 0.
 * @param channels the cut along the spectral axis; null for an image without one
 * @param stokes the same for the STOKES axis
 * @throws FitsError `fits.cutout` for a table of another form; errors of `read` pass through
 */
export async function cutBeamTable(
  hdu: Hdu,
  channels: AxisCut | null,
  stokes: AxisCut | null,
  read: ReadRange,
): Promise<Buffer> {
  const [rowBytes = 0, rows = 0] = hdu.axes;
  const columns = binaryColumns(hdu) ?? [];
  const [chan, pol] = [integerColumn(columns, 'CHAN', rowBytes), integerColumn(columns, 'POL', rowBytes)];
  const isReadable = hdu.pcount === 0 && hdu.dataLength === rowBytes * rows && hdu.dataLength <= MAX_TABLE_BYTES;
  if (!isReadable || chan === null || pol === null) {
    throw new FitsError('fits.cutout', 'the BEAMS table of the image cannot be cut: it is not as CASA writes it');
  }
  const table = rows === 0 ? Buffer.alloc(0) : await read(hdu.dataOffset, hdu.dataOffset + hdu.dataLength - 1);
  const kept: Buffer[] = [];
  for (let at = 0; at < table.length; at += rowBytes) {
    const row = table.subarray(at, at + rowBytes);
    if (renumbered(row, chan, channels) && renumbered(row, pol, stokes)) kept.push(row);
  }
  const values = new Map([['NAXIS2', kept.length]]);
  if (channels !== null && hdu.header.has('NCHAN')) values.set('NCHAN', channels.count);
  if (stokes !== null && hdu.header.has('NPOL')) values.set('NPOL', stokes.count);
  const data = Buffer.concat(kept);
  const padding = Buffer.alloc(paddingLength({ dataLength: data.length }));
  return Buffer.concat([headerBytes(rewritten(hdu.header, values)), data, padding]);
}

/** Numbers a row as the cut does; returns false for a row that is not in the cut. */
function renumbered(row: Buffer, column: Column, cut: AxisCut | null): boolean {
  const access = INTEGERS[column.code];
  if (cut === null || access === undefined) return true;
  const index = (access(row, column) + 1 - cut.first) / cut.step;
  if (!Number.isInteger(index) || index < 0 || index >= cut.count) return false;
  access(row, column, index);
  return true;
}

function integerColumn(columns: readonly Column[], name: string, rowBytes: number): Column | null {
  const column = columns.find((each) => each.name === name);
  if (column === undefined || INTEGERS[column.code] === undefined || column.repeat !== 1) return null;
  return column.offset + column.width <= rowBytes ? column : null;
}
