/** An item of a listing that is sorted by key. */
export interface Keyed {
  readonly key: string;
}

/**
 * Merges two listings, each in strictly ascending order of ASCII keys. Yields the left and right item of each key, or null
 * for the one that is missing. Holds one item of each listing in memory.
 * @throws RangeError when a listing is out of order, because items after that point would be reported as missing
 */
export async function* mergeByKey<Left extends Keyed, Right extends Keyed>(
  left: AsyncIterable<Left>,
  right: AsyncIterable<Right>,
): AsyncGenerator<[Left, Right] | [Left, null] | [null, Right]> {
  const [lefts, rights] = [new Cursor(left), new Cursor(right)];
  try {
    let [a, b] = [await lefts.next(), await rights.next()];
    while (a !== null || b !== null) {
      if (b === null || (a !== null && a.key < b.key)) {
        if (a !== null) yield [a, null];
        a = await lefts.next();
      } else if (a === null || b.key < a.key) {
        yield [null, b];
        b = await rights.next();
      } else {
        yield [a, b];
        [a, b] = [await lefts.next(), await rights.next()];
      }
    }
  } finally {
    await lefts.close();
    await rights.close();
  }
}

class Cursor<Item extends Keyed> {
  private readonly items: AsyncIterator<Item>;
  private last = '';

  constructor(items: AsyncIterable<Item>) {
    this.items = items[Symbol.asyncIterator]();
  }

  async next(): Promise<Item | null> {
    const step = await this.items.next();
    if (step.done === true) return null;
    if (step.value.key <= this.last) throw new RangeError(`"${step.value.key}" is listed after "${this.last}"`);
    this.last = step.value.key;
    return step.value;
  }

  async close(): Promise<void> {
    await this.items.return?.();
  }
}
