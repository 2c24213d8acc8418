import { checkCard } from '../conformance/card.checks';
import { RemarkLog } from '../conformance/remark';
import { FitsError } from '../fits.error';
import { BLOCK_BYTES, Card, parseCard, RECORD_BYTES } from '../header/card';
import { FitsHeader } from '../header/fits-header';

const NOT_SPACE = /[^ ]/;

/** Assembles a header from its blocks of 2880 bytes (FITS 3.0 §3.3.1), up to END, with a size limit. */
export class HeaderAssembler {
  private cards: Card[] = [];
  private blocks = 0;

  constructor(
    private readonly log: RemarkLog,
    private readonly maxBytes: number,
  ) {}

  get isEmpty(): boolean {
    return this.blocks === 0;
  }

  /** Adds the next block; returns the header when it was the last. Throws `fits.limit` without END within the limit. */
  add(block: Buffer, startOfHeader: number): FitsHeader | null {
    this.blocks += 1;
    const text = block.toString('latin1');
    for (let at = 0; at < BLOCK_BYTES; at += RECORD_BYTES) {
      const card = parseCard(text.slice(at, at + RECORD_BYTES));
      checkCard(card, this.log);
      if (card.kind === 'end') return this.finish(text.slice(at + RECORD_BYTES));
      this.cards.push(card);
    }
    if ((this.blocks + 1) * BLOCK_BYTES > this.maxBytes) {
      throw new FitsError('fits.limit', `the header has no END in its first ${this.maxBytes} bytes`, startOfHeader);
    }
    return null;
  }

  private finish(afterEnd: string): FitsHeader {
    if (NOT_SPACE.test(afterEnd)) {
      const message = 'the header is not padded with spaces after END';
      this.log.add({ code: 'fits.header-fill', message, expected: 'spaces', found: afterEnd.trim() });
    }
    const header = new FitsHeader(this.cards);
    this.cards = [];
    this.blocks = 0;
    return header;
  }
}
