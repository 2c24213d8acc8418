import type { Qa2Status } from '@almagest/contracts';
import { parseUid } from '@almagest/ous';
import { ArchiveClientError } from '../archive-client.error';
import { followResult } from './follow-result';

const at = '2014-12-05T08:50:00.000Z';
const accepted: Qa2Status = {
  id: '5f0c1234-1111-4222-8333-444455556666',
  project: '2013.1.09999.S',
  group: parseUid('uid://A001/X1/Xa2'),
  ous: parseUid('uid://A001/X1/Xa3'),
  alsoServes: [],
  level: 'member',
  revision: 1,
  outcome: 'PASS',
  state: 'accepted',
  settled: false,
  history: [{ state: 'accepted', at, detail: null }],
  report: null,
  delivery: null,
};
const status = (change: Partial<Qa2Status>): Qa2Status => ({ ...accepted, ...change });
const settled = status({
  state: 'notified',
  settled: true,
  history: [...accepted.history, { state: 'stored', at, detail: null }, { state: 'notified', at, detail: null }],
});

function recorder(): { seen: string[]; onStep(step: { state: string }): void; onUnreachable(): void } {
  const seen: string[] = [];
  return { seen, onStep: ({ state }) => seen.push(state), onUnreachable: () => seen.push('unreachable') };
}

describe('following a QA2 result', () => {
  const never = new AbortController().signal;

  it('reports every step once and ends when the result is settled', async () => {
    const answers: (Qa2Status | ArchiveClientError)[] = [
      accepted,
      status({ state: 'stored', history: settled.history.slice(0, 2) }),
      settled,
    ];
    const qa2Status = async (): Promise<Qa2Status> => answers.shift() as Qa2Status;
    const follower = recorder();
    await expect(followResult({ qa2Status }, accepted, follower, never)).resolves.toBe(settled);
    expect(follower.seen).toEqual(['accepted', 'stored', 'notified']);
  });

  it('does not poll a result that is already settled', async () => {
    const qa2Status = jest.fn();
    const follower = recorder();
    await followResult({ qa2Status }, settled, follower, never);
    expect(qa2Status).not.toHaveBeenCalled();
    expect(follower.seen).toEqual(['accepted', 'stored', 'notified']);
  });

  it('retries while the archive does not answer', async () => {
    const qa2Status = jest
      .fn<Promise<Qa2Status>, []>()
      .mockRejectedValueOnce(new ArchiveClientError('archive-client.unreachable', 'away'))
      .mockResolvedValueOnce(settled);
    const follower = recorder();
    await expect(followResult({ qa2Status }, accepted, follower, never)).resolves.toBe(settled);
    expect(follower.seen).toContain('unreachable');
  });

  it('throws other errors unchanged', async () => {
    const refused = new ArchiveClientError('archive-client.refused', 'no');
    const qa2Status = jest.fn().mockRejectedValue(refused);
    await expect(followResult({ qa2Status }, accepted, recorder(), never)).rejects.toBe(refused);
  });

  it('throws the reason of its signal', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const following = followResult({ qa2Status: jest.fn() }, accepted, recorder(), controller.signal);
    controller.abort(reason);
    await expect(following).rejects.toBe(reason);
  });
});
