/** Repeatable random numbers: the same seed gives the same archive, and so the same answers. */
export class Random {
  constructor(seed) {
    this.state = seed;
  }

  /** Returns a number from 0 to less than 1 (mulberry32). */
  next() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low, high) {
    return low + (high - low) * this.next();
  }

  /** Returns a whole number from 0 to less than `limit`. */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  gauss() {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Returns a whole number, 1 or more, with few that are much larger than the median. */
  heavyTailed(median, spread, most) {
    return Math.min(most, Math.max(1, Math.round(median * Math.exp(spread * this.gauss()))));
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** @param {readonly (readonly [value: unknown, weight: number])[]} weighted weights that add up to 1 */
  weighted(weighted) {
    let left = this.next();
    for (const [value, weight] of weighted) if ((left -= weight) < 0) return value;
    return weighted.at(-1)[0];
  }
}
