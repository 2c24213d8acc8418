import type { Reconciliation } from '@almagest/contracts';
import { RECONCILIATION } from './run-texts';

const ENDED: Reconciliation = {
  id: '5f0c1234-0000-4000-8000-000000000000',
  state: 'done',
  scheduled: false,
  lastFailure: null,
  repair: true,
  requestedAt: '2026-01-01T00:00:00Z',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T00:00:00Z',
  catalogued: 7,
  stored: 5,
  recent: 0,
  inFlight: 0,
  findingCount: 3,
  repaired: 1,
  restoring: 2,
};

describe('a reconciliation with lost parts', () => {
  it('is not over while parts are being recovered, and says how many are left', () => {
    expect([RECONCILIATION.isOver(ENDED), RECONCILIATION.isClean(ENDED)]).toEqual([false, false]);
    expect(RECONCILIATION.progress(ENDED)).toBe('recovering 2 lost parts from where they were posted');
    expect(RECONCILIATION.summary(ENDED)).toMatch(/; 3 findings; 1 repaired; 2 being recovered$/);
  });

  it('is over when every recovery has ended, and clean when all succeeded', () => {
    const refused = { ...ENDED, repaired: 2, restoring: 0 };
    expect([RECONCILIATION.isOver(refused), RECONCILIATION.isClean(refused)]).toEqual([true, false]);
    const recovered = { ...ENDED, repaired: 3, restoring: 0 };
    expect([RECONCILIATION.isOver(recovered), RECONCILIATION.isClean(recovered)]).toEqual([true, true]);
    expect(RECONCILIATION.summary(recovered)).toMatch(/; 3 findings; 3 repaired$/);
  });
});
