import { checkCard } from '../conformance/card.checks';
import { RemarkLog } from '../conformance/remark';
import { FitsError } from '../fits.error';
import { BLOCK_BYTES, Card, parseCard, RECORD_BYTES } from '../header/card';
import { FitsHeader } from '../header/fits-header';
import type { FitsLimits } from './hdu';

const NOT_SPACE = /[^ ]/;

/** Assembles a header from its blocks of 2880 bytes (FITS 3.0 §3.3.1), up to END, with a size limit. */
export class HeaderAssembler {
  private cards: Card[] = [];
  private blocks = 0;
  private values = 0;

  constructor(
    private readonly log: RemarkLog,
    private readonly limits: Pick<FitsLimits, 'headerBytes' | 'valueRecords'>,
  ) {}

  get isEmpty(): boolean {
    return this.blocks === 0;
  }

  /**
   * Adds the next block; returns the header when it was the last. A header is checked as a whole at its END, so the
   * number of its values is limited too: other work waits meanwhile.
   * @throws FitsError `fits.limit` when END is not within the limits
   */
  add(block: Buffer, startOfHeader: number): FitsHeader | null {
    this.blocks += 1;
    const text = block.toString('latin1');
    for (let at = 0; at < BLOCK_BYTES; at += RECORD_BYTES) {
      const card = parseCard(text.slice(at, at + RECORD_BYTES));
      checkCard(card, this.log);
      if (card.kind === 'end') return this.finish(text.slice(at + RECORD_BYTES));
      this.cards.push(card);
      if (card.kind === 'value') this.countValue(startOfHeader);
    }
    const { headerBytes } = this.limits;
    if ((this.blocks + 1) * BLOCK_BYTES > headerBytes) {
      throw new FitsError('fits.limit', `the header has no END in its first ${headerBytes} bytes`, startOfHeader);
    }
    return null;
  }

  private countValue(startOfHeader: number): void {
    const { valueRecords } = this.limits;
    this.values += 1;
    if (this.values <= valueRecords) return;
    throw new FitsError('fits.limit', `the header has more than ${valueRecords} records with a value`, startOfHeader);
  }

  private finish(afterEnd: string): FitsHeader {
    if (NOT_SPACE.test(afterEnd)) {
      const message = 'the header is not padded with spaces after END';
      this.log.add({ code: 'fits.header-fill', message, expected: 'spaces', found: afterEnd.trim() });
    }
    const header = new FitsHeader(this.cards);
    this.cards = [];
    this.blocks = 0;
    this.values = 0;
    return header;
  }
}
