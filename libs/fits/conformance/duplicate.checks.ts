import { Card } from '../header/card';
import { Hdu } from '../reader/hdu';
import { RemarkLog } from './remark';

const MANDATORY = /^(?:SIMPLE|BITPIX|NAXIS\d*|XTENSION|PCOUNT|GCOUNT|TFIELDS|TFORM\d+|TBCOL\d+)$/;

/** A keyword with a value stands once; a mandatory one must (FITS 3.0 §4.1.2.3). */
export function checkDuplicates(hdu: Hdu, log: RemarkLog): void {
  const first = new Map<string, Card>();
  for (const card of hdu.header.cards) {
    if (card.kind !== 'value') continue;
    const earlier = first.get(card.keyword);
    if (!earlier) first.set(card.keyword, card);
    else addDuplicate(hdu, earlier, card, log);
  }
}

function addDuplicate(hdu: Hdu, earlier: Card, card: Card, log: RemarkLog): void {
  const { keyword } = card;
  const same = JSON.stringify(earlier.value) === JSON.stringify(card.value);
  const message = same ? 'the keyword stands twice' : 'the keyword stands twice with different values';
  const code = MANDATORY.test(keyword) ? 'fits.duplicate-mandatory' : 'fits.duplicate-keyword';
  const [expected, found] = [earlier.record.trimEnd(), card.record.trimEnd()];
  // CASA writes a second XTENSION into the table of every cube whose beam varies with frequency.
  const fromCasa = keyword === 'XTENSION' && same && hdu.name === 'BEAMS';
  log.add({ code, keyword, message, expected, found, dialect: fromCasa ? 'casa' : null });
}
