import { delayAfter, NO_RETRY, type RetryPolicy, withMaximumInterval } from './retry-policy';

const POLICY: RetryPolicy = {
  initialInterval: 100,
  backoffCoefficient: 3,
  maximumInterval: 1_000,
  maximumAttempts: 5,
};

const delays = (policy: RetryPolicy, count: number): (number | null)[] =>
  Array.from({ length: count }, (_, index) => delayAfter(policy, index + 1));

describe('delayAfter', () => {
  it('multiplies the interval by the coefficient, up to the maximum, and ends with the last attempt', () => {
    expect(delays(POLICY, 6)).toEqual([100, 300, 900, 1_000, null, null]);
  });

  it('allows no second attempt under NO_RETRY', () => {
    expect(delayAfter(NO_RETRY, 1)).toBeNull();
  });

  it('never ends without a limit on attempts, however many have failed', () => {
    expect(delayAfter({ ...POLICY, maximumAttempts: Infinity }, 1_000_000)).toBe(1_000);
  });
});

describe('withMaximumInterval', () => {
  it('shortens what is longer, and keeps the number of attempts', () => {
    expect(delays(withMaximumInterval(POLICY, 200), 5)).toEqual([100, 200, 200, 200, null]);
  });

  it('makes no interval longer', () => {
    expect(withMaximumInterval(POLICY, 5_000)).toEqual(POLICY);
  });
});
