import { parseUid } from '@almagest/ous';
import { replayOrder, type ReplayedManifest } from './replay-order';

const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));
const manifest = (ous: string, revision: number, decided: number, stored = decided): ReplayedManifest => ({
  delivery: { ous: parseUid(`uid://A001/X1/X${ous}`), revision, decidedAt: day(decided).toISOString() },
  storedAt: day(stored),
});
const order = (...manifests: ReplayedManifest[]): string[] =>
  replayOrder(manifests).map(
    ({ delivery, storedAt }) => `${delivery.ous.slice(-1)}${delivery.revision}@${storedAt.getUTCDate()}`,
  );

describe('replayOrder', () => {
  it('sorts by the decisions, not by the times of the manifests in the store', () => {
    expect(order(manifest('a', 1, 3, 10), manifest('b', 1, 1, 12), manifest('c', 1, 2, 11))).toEqual([
      'b1@12',
      'c1@11',
      'a1@10',
    ]);
  });

  it('never puts a revision before a lower one of the same ObsUnitSet, whatever the times of the decisions', () => {
    expect(order(manifest('a', 2, 1, 5), manifest('a', 1, 4, 6), manifest('b', 1, 2, 7))).toEqual([
      'b1@7',
      'a1@6',
      'a2@6',
    ]);
  });

  it('compares times as instants, not as text', () => {
    const east = manifest('a', 1, 1);
    const late = { ...east, delivery: { ...east.delivery, decidedAt: '2026-01-01T23:00:00-05:00' } };
    const early = manifest('b', 1, 2);
    expect(order(late, early)).toEqual(['b1@2', 'a1@1']);
  });

  it('does not depend on the order of the listing', () => {
    const all = [
      manifest('a', 1, 1),
      manifest('a', 2, 3),
      manifest('b', 1, 2),
      manifest('b', 3, 3),
      manifest('b', 2, 3),
    ];
    expect(order(...all)).toEqual(['a1@1', 'b1@2', 'a2@3', 'b2@3', 'b3@3']);
    expect(order(...[...all].reverse())).toEqual(order(...all));
  });
});
