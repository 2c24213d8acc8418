/** When something that failed is tried again, in the terms of Temporal's retry policies. Intervals are in milliseconds. */
export interface RetryPolicy {
  /** Interval before the second attempt. */
  readonly initialInterval: number;
  /** Each further interval is this many times as long as the one before. */
  readonly backoffCoefficient: number;
  /** No interval is longer than this. */
  readonly maximumInterval: number;
  /** The first attempt counts; `Infinity` retries without end. */
  readonly maximumAttempts: number;
}

/** One attempt only. */
export const NO_RETRY: RetryPolicy = {
  initialInterval: 0,
  backoffCoefficient: 1,
  maximumInterval: 0,
  maximumAttempts: 1,
};

/**
 * Returns the milliseconds to wait after the nth failed attempt, or null when that was the last one.
 * @param failures how many attempts have failed, from 1
 */
export function delayAfter(policy: RetryPolicy, failures: number): number | null {
  if (failures >= policy.maximumAttempts) return null;
  return Math.min(policy.maximumInterval, policy.initialInterval * policy.backoffCoefficient ** (failures - 1));
}

/** Returns the policy with no interval longer than `maximumInterval`, in milliseconds; the number of attempts stays. */
export function withMaximumInterval<Policy extends RetryPolicy>(policy: Policy, maximumInterval: number): Policy {
  return { ...policy, maximumInterval: Math.min(policy.maximumInterval, maximumInterval) };
}
