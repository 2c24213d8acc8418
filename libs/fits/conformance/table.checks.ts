import { Hdu } from '../reader/hdu';
import { binaryColumns, columnCount } from '../reader/table-columns';
import { RemarkLog } from './remark';

const ASCII_FORM = /^(?:[AI]\d+|[FED]\d+\.\d+)$/;

/** Checks the columns of table extensions: TFIELDS, TFORMn, TBCOLn and the width of a row (FITS 3.0 §7.2, §7.3). */
export function checkTable(hdu: Hdu, log: RemarkLog): void {
  if (hdu.kind !== 'bintable' && hdu.kind !== 'table') return;
  if (columnCount(hdu) === null) {
    const message = 'TFIELDS is not a valid number of columns';
    log.add({ code: 'fits.table-columns', keyword: 'TFIELDS', message, expected: '0 to 999' });
  } else if (hdu.kind === 'bintable') checkBinary(hdu, log);
  else checkAscii(hdu, log);
}

function checkBinary(hdu: Hdu, log: RemarkLog): void {
  const columns = binaryColumns(hdu);
  if (!columns) {
    const message = 'a TFORMn is missing or not a format of the standard';
    log.add({ code: 'fits.table-columns', keyword: 'TFORM', message });
    return;
  }
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  if (width === hdu.axes[0]) return;
  const message = 'the widths of the columns do not add up to the width of a row';
  const [expected, found] = [`${width} bytes`, `NAXIS1 = ${hdu.axes[0] ?? 'none'}`];
  log.add({ code: 'fits.table-columns', keyword: 'NAXIS1', message, expected, found });
}

function checkAscii(hdu: Hdu, log: RemarkLog): void {
  const count = columnCount(hdu) ?? 0;
  for (let n = 1; n <= count; n += 1) {
    const form = hdu.header.nonBlankText(`TFORM${n}`);
    if (form === null || !ASCII_FORM.test(form)) {
      const message = 'the field is not in a format of the standard';
      log.add({
        code: 'fits.table-columns',
        keyword: `TFORM${n}`,
        message,
        expected: 'Aw, Iw, Fw.d, Ew.d or Dw.d',
        found: form,
      });
    }
    const start = hdu.header.integer(`TBCOL${n}`);
    if (start === null || start < 1 || start > (hdu.axes[0] ?? 0)) {
      const found = start === null ? 'none' : String(start);
      log.add({ code: 'fits.table-columns', keyword: `TBCOL${n}`, message: 'the field begins outside the row', found });
    }
  }
}
