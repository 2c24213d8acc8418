import type { Qa2Status } from '@almagest/contracts';
import { CliError } from '../cli.error';
import { status } from '../testing/documents';
import { followResult } from './follow-result';

const at = '2014-12-05T08:50:00.000Z';
const accepted = status();
const settled = status({
  state: 'notified',
  settled: true,
  history: [...accepted.history, { state: 'stored', at, detail: null }, { state: 'notified', at, detail: null }],
});

function recorder(): { told: string[]; onStep(step: { state: string }): void; onSilence(): void } {
  const told: string[] = [];
  return { told, onStep: ({ state }) => told.push(state), onSilence: () => told.push('silence') };
}

describe('following a QA2 result', () => {
  const never = new AbortController().signal;

  it('tells every step once and ends when nothing more will happen', async () => {
    const answers: (Qa2Status | CliError)[] = [
      accepted,
      status({ state: 'stored', history: settled.history.slice(0, 2) }),
      settled,
    ];
    const qa2Status = async (): Promise<Qa2Status> => answers.shift() as Qa2Status;
    const follower = recorder();
    await expect(followResult({ qa2Status }, accepted, follower, never)).resolves.toBe(settled);
    expect(follower.told).toEqual(['accepted', 'stored', 'notified']);
  });

  it('does not ask when the result was settled before', async () => {
    const qa2Status = jest.fn();
    const follower = recorder();
    await followResult({ qa2Status }, settled, follower, never);
    expect(qa2Status).not.toHaveBeenCalled();
    expect(follower.told).toEqual(['accepted', 'stored', 'notified']);
  });

  it('outlasts an archive that does not answer for a while', async () => {
    const qa2Status = jest
      .fn<Promise<Qa2Status>, []>()
      .mockRejectedValueOnce(new CliError('cli.archive-unreachable', 'away'))
      .mockResolvedValueOnce(settled);
    const follower = recorder();
    await expect(followResult({ qa2Status }, accepted, follower, never)).resolves.toBe(settled);
    expect(follower.told).toContain('silence');
  });

  it('gives other errors on', async () => {
    const refused = new CliError('cli.archive-refused', 'no');
    const qa2Status = jest.fn().mockRejectedValue(refused);
    await expect(followResult({ qa2Status }, accepted, recorder(), never)).rejects.toBe(refused);
  });

  it('ends with the reason of an interruption', async () => {
    const controller = new AbortController();
    const reason = new CliError('cli.interrupted', 'interrupted');
    const following = followResult({ qa2Status: jest.fn() }, accepted, recorder(), controller.signal);
    controller.abort(reason);
    await expect(following).rejects.toBe(reason);
  });
});
