import { RateLimit } from './object-check';

describe('RateLimit', () => {
  it('spreads bytes evenly over time', () => {
    let now = 0;
    const limit = new RateLimit(1000, () => now);
    limit.pauseAfter(250);
    let paused = 0;
    for (let chunk = 0; chunk < 100; chunk++) {
      const pause = limit.pauseAfter(100);
      now += pause;
      paused += pause;
    }
    expect(paused).toBeCloseTo(10_000, 5);
  });

  it('needs no pause when reading is slower than the rate', () => {
    let now = 0;
    const limit = new RateLimit(1000, () => now);
    for (let chunk = 0; chunk < 100; chunk++) {
      expect(limit.pauseAfter(100)).toBe(0);
      now += 150;
    }
  });

  it('does not make up for a long stall in one burst', () => {
    let now = 0;
    const limit = new RateLimit(1000, () => now);
    limit.pauseAfter(100);
    now = 3_600_000;
    expect(limit.pauseAfter(1250)).toBe(1000);
  });
});
