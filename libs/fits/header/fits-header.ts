import { Card, CardValue } from './card';

/**
 * The header of one HDU: its records in order without END, and the values by keyword. Strings continued in CONTINUE
 * records are joined. When a keyword occurs twice, the first one counts (FITS 3.0 §4.1.2.3 does not define it).
 */
export class FitsHeader {
  private readonly byKeyword = new Map<string, CardValue>();

  constructor(readonly cards: readonly Card[]) {
    let position = 0;
    while (position < cards.length) {
      const card = cards[position];
      position += 1;
      if (card?.kind !== 'value' || !card.value) continue;
      const joined = joinContinued(card.value, cards, position);
      position = joined.next;
      if (!this.byKeyword.has(card.keyword)) this.byKeyword.set(card.keyword, joined.value);
    }
  }

  has(keyword: string): boolean {
    return this.byKeyword.has(keyword);
  }

  value(keyword: string): CardValue | null {
    return this.byKeyword.get(keyword) ?? null;
  }

  /** A string value without its trailing spaces; null when absent or of another type. */
  text(keyword: string): string | null {
    const value = this.byKeyword.get(keyword);
    return value?.type === 'string' ? value.value : null;
  }

  /** A trimmed string value; null when absent, of another type or blank. */
  nonBlankText(keyword: string): string | null {
    return this.text(keyword)?.trim() || null;
  }

  /** An integer or real value; null when absent or of another type. */
  number(keyword: string): number | null {
    const value = this.byKeyword.get(keyword);
    return value?.type === 'integer' || value?.type === 'real' ? value.value : null;
  }

  /** An integer value, or a real value without a fraction; null otherwise. */
  integer(keyword: string): number | null {
    const number = this.number(keyword);
    return number !== null && Number.isSafeInteger(number) ? number : null;
  }

  logical(keyword: string): boolean | null {
    const value = this.byKeyword.get(keyword);
    return value?.type === 'logical' ? value.value : null;
  }

  keywords(): IterableIterator<string> {
    return this.byKeyword.keys();
  }
}

/** A string that ends with `&` continues in the CONTINUE record that follows (FITS 4.0 §4.2.1.2). */
function joinContinued(first: CardValue, cards: readonly Card[], next: number): { value: CardValue; next: number } {
  if (first.type !== 'string' || !first.value.endsWith('&')) return { value: first, next };
  const pieces = [first.value];
  for (;;) {
    const card = cards[next];
    const piece = card?.kind === 'continue' && card.value?.type === 'string' ? card.value.value : null;
    const last = pieces[pieces.length - 1] ?? '';
    if (piece === null || !last.endsWith('&')) break;
    pieces[pieces.length - 1] = last.slice(0, -1);
    pieces.push(piece);
    next += 1;
  }
  return { value: { type: 'string', value: pieces.join('') }, next };
}
