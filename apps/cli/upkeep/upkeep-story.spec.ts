import type { Reconciliation } from '@almagest/contracts';
import { RECONCILIATION } from './upkeep-story';

const ENDED: Reconciliation = {
  ...{ id: '5f0c1234-0000-4000-8000-000000000000', state: 'done', scheduled: false, lastFailure: null, repair: true },
  ...{ requestedAt: '2026-01-01T00:00:00Z', startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:00:00Z' },
  ...{ catalogued: 7, stored: 5, recent: 0, inFlight: 0, findingCount: 3, repaired: 1, restoring: 2 },
};

describe('a reconciliation with lost parts', () => {
  it('is not over while they are being restored, and says how many are left', () => {
    expect([RECONCILIATION.isOver(ENDED), RECONCILIATION.isClean(ENDED)]).toEqual([false, false]);
    expect(RECONCILIATION.progress(ENDED)).toBe('2 lost parts to be read again from where they were posted');
    expect(RECONCILIATION.summary(ENDED)).toMatch(/; 3 findings; 1 repaired; 2 being restored$/);
  });

  it('is over when all of them are settled, and clean when all are back', () => {
    const refused = { ...ENDED, repaired: 2, restoring: 0 };
    expect([RECONCILIATION.isOver(refused), RECONCILIATION.isClean(refused)]).toEqual([true, false]);
    const restored = { ...ENDED, repaired: 3, restoring: 0 };
    expect([RECONCILIATION.isOver(restored), RECONCILIATION.isClean(restored)]).toEqual([true, true]);
    expect(RECONCILIATION.summary(restored)).toMatch(/; 3 findings; 3 repaired$/);
  });
});
