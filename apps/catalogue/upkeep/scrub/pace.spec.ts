import { Pace } from './pace';

describe('Pace', () => {
  it('spreads bytes evenly over time', () => {
    let now = 0;
    const pace = new Pace(1000, () => now);
    pace.rest(250);
    let rested = 0;
    for (let piece = 0; piece < 100; piece++) {
      const rest = pace.rest(100);
      now += rest;
      rested += rest;
    }
    expect(rested).toBeCloseTo(10_000, 5);
  });

  it('asks for no rest where reading is slower than the rate', () => {
    let now = 0;
    const pace = new Pace(1000, () => now);
    for (let piece = 0; piece < 100; piece++) {
      expect(pace.rest(100)).toBe(0);
      now += 150;
    }
  });

  it('does not catch up with a long stall in one burst', () => {
    let now = 0;
    const pace = new Pace(1000, () => now);
    pace.rest(100);
    now = 3_600_000;
    expect(pace.rest(1250)).toBe(1000);
  });
});
