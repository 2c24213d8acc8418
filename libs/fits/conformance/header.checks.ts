import { Hdu } from '../reader/hdu';
import { checkWcs } from '../wcs/wcs.checks';
import { checkContinuation } from './card.checks';
import { checkDuplicates } from './duplicate.checks';
import { checkMandatory } from './mandatory.checks';
import { RemarkLog } from './remark';
import { checkReserved } from './reserved.checks';
import { checkTable } from './table.checks';

/** Every remark on one header as a whole; those on its single records were made as they were read. */
export function checkHeader(hdu: Hdu, log: RemarkLog): void {
  checkMandatory(hdu, log);
  checkDuplicates(hdu, log);
  checkContinuation(hdu.header.cards, log);
  checkReserved(hdu, log);
  checkTable(hdu, log);
  checkWcs(hdu, log);
}
