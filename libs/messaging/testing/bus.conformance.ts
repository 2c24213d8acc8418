import { deliveryCatalogued, groupReadyForCombination, type ServiceName } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { type DeadLetter, MAX_ATTEMPTS } from '../bus';
import { type BusMessage, makeMessage } from '../message';
import {
  type Handle,
  type MakeBus,
  newGroup,
  newMessage,
  type RunningInstance,
  startInstance,
  type TestBus,
} from './test-bus';
import { Gate, until } from './waiting';

export type { MakeBus, TestBus, TestInstance } from './test-bus';

/** An error of a handler for which a retry does not help. */
class PermanentFailure extends Error {
  readonly code = 'test.permanent-failure';
  readonly retryable = false;
}

/**
 * Registers the jest tests that every bus must pass: a publisher and a Nest transport strategy. They share one bus; each
 * uses groups of its own.
 */
export function busConformance(name: string, makeBus: MakeBus): void {
  describe(`${name} as a bus`, () => {
    let bus: TestBus;
    let running: RunningInstance[] = [];

    beforeAll(async () => {
      bus = await makeBus();
    });
    afterEach(async () => {
      await Promise.all(running.map((instance) => instance.stop()));
      running = [];
    });
    afterAll(() => bus.stop());

    /** Starts an instance, which is stopped after the test at the latest. */
    async function start(
      service: ServiceName,
      handle: Handle,
      retryDelay: (attempt: number) => number = () => 5,
    ): Promise<RunningInstance> {
      const instance = await startInstance(bus, service, handle, retryDelay);
      running.push(instance);
      return instance;
    }

    async function deadLetterOf(isIt: (message: unknown) => boolean): Promise<DeadLetter> {
      const found: DeadLetter[] = [];
      await until('the dead letter is stored', async () => {
        found.push(...(await bus.deadLetters()).filter((letter) => isIt(letter.message)));
        return found.length > 0;
      });
      return found[0] as DeadLetter;
    }

    const hasId =
      (id: string) =>
      (message: unknown): boolean =>
        (message as Partial<BusMessage> | null)?.id === id;

    it('delivers a message unchanged: id, type, topic, key, subject, source, time, trace and data', async () => {
      const sent = newMessage(newGroup());
      const got: { message: BusMessage; data: unknown }[] = [];
      await start('notifier', async (message, data) => void got.push({ message, data }));
      await bus.publisher.publish([sent]);
      await until('it has arrived', () => got.length > 0);
      expect(got).toEqual([{ message: sent, data: sent.data }]);
    });

    it('keeps a message for a service that has not started yet', async () => {
      const sent = newMessage(newGroup());
      await bus.publisher.publish([sent]);
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await until('it has arrived', () => got.includes(sent.id));
    });

    it('delivers the messages of a key in order, whichever instance handles them', async () => {
      const groups = Array.from({ length: 5 }, newGroup);
      const sent = groups.flatMap((group) => Array.from({ length: 30 }, () => newMessage(group)));
      const mixed = sent.map((_, index) => sent[(index % 5) * 30 + Math.floor(index / 5)] as BusMessage);
      const got: BusMessage[] = [];
      const handle: Handle = async (message) => {
        await new Promise((resolve) => setImmediate(resolve));
        got.push(message);
      };
      await Promise.all([start('notifier', handle), start('notifier', handle)]);
      for (let at = 0; at < mixed.length; at += 20) await bus.publisher.publish(mixed.slice(at, at + 20));
      await until('all have arrived', () => got.length >= sent.length);
      for (const group of groups) {
        const of = (messages: BusMessage[]): string[] => messages.filter((m) => m.key === group).map((m) => m.id);
        expect(of(got)).toEqual(of(mixed));
      }
    });

    it('handles messages of different keys concurrently', async () => {
      const sent = Array.from({ length: 12 }, () => newMessage(newGroup()));
      const together = new Gate();
      const got = new Set<string>();
      await start('notifier', async ({ id }) => {
        got.add(id);
        if (got.size === 2) together.open();
        await together.opened;
      });
      await bus.publisher.publish(sent);
      await until('all have arrived', () => got.size === sent.length);
    });

    it('delivers a copy to every service that subscribes', async () => {
      const sent = newMessage(newGroup());
      const got: string[] = [];
      await start('notifier', async ({ id }) => void (id === sent.id && got.push('notifier')));
      await start('intake', async ({ id }) => void (id === sent.id && got.push('intake')));
      await bus.publisher.publish([sent]);
      await until('both have it', () => got.length === 2);
      expect(got.sort()).toEqual(['intake', 'notifier']);
    });

    it('shares a service’s messages between its instances, each handled once', async () => {
      const sent = Array.from({ length: 40 }, () => newMessage(newGroup()));
      const bothAtWork = new Gate();
      const got: Record<'a' | 'b', string[]> = { a: [], b: [] };
      const handleAs =
        (instance: 'a' | 'b'): Handle =>
        async ({ id }) => {
          got[instance].push(id);
          if (got.a.length > 0 && got.b.length > 0) bothAtWork.open();
          await bothAtWork.opened;
        };
      await Promise.all([start('notifier', handleAs('a')), start('notifier', handleAs('b'))]);
      await bus.publisher.publish(sent);
      await until('all have arrived', () => got.a.length + got.b.length >= sent.length);
      // A duplicate would arrive before this message, which is published last and has the key of the first.
      const last = newMessage(sent[0]?.key as Uid);
      await bus.publisher.publish([last]);
      await until('the last one has arrived', () => [...got.a, ...got.b].includes(last.id));
      expect([...got.a, ...got.b].sort()).toEqual([...sent, last].map((message) => message.id).sort());
    });

    it('delivers a message to another instance when the first one dies while handling it', async () => {
      const sent = newMessage(newGroup());
      const [started, never] = [new Gate(), new Gate()];
      const first = await start('notifier', async () => {
        started.open();
        await never.opened;
      });
      await bus.publisher.publish([sent]);
      await started.opened;
      await first.cut();
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await until('the other instance has it', () => got.includes(sent.id));
      never.open();
    });

    it('retries a message after a retryable failure, with a longer wait each time', async () => {
      const sent = newMessage(newGroup());
      const waits: number[] = [];
      let runs = 0;
      await start(
        'notifier',
        async () => {
          runs += 1;
          if (runs < 4) throw new Error('not yet');
        },
        (attempt) => {
          waits.push(attempt);
          return attempt;
        },
      );
      await bus.publisher.publish([sent]);
      await until('it has succeeded', () => runs === 4);
      expect(waits).toEqual([1, 2, 3]);
      expect((await bus.deadLetters()).some(({ message }) => hasId(sent.id)(message))).toBe(false);
    });

    it('makes a dead letter after the last attempt, with the reason, the attempts and the received message', async () => {
      const sent = newMessage(newGroup());
      let runs = 0;
      await start('notifier', async () => {
        runs += 1;
        throw new Error(`run ${runs} failed`);
      });
      await bus.publisher.publish([sent]);
      expect(await deadLetterOf(hasId(sent.id))).toEqual({
        message: sent,
        service: 'notifier',
        reason: `run ${MAX_ATTEMPTS} failed`,
        attempts: MAX_ATTEMPTS,
      });
      expect(runs).toBe(MAX_ATTEMPTS);
    });

    it('makes a dead letter at once when the failure is permanent, and continues with the next message of its key', async () => {
      const group = newGroup();
      const [bad, good] = [newMessage(group), newMessage(group)];
      const got: string[] = [];
      await start('notifier', async ({ id }) => {
        got.push(id);
        if (id === bad.id) throw new PermanentFailure('never');
      });
      await bus.publisher.publish([bad, good]);
      const letter = await deadLetterOf(hasId(bad.id));
      expect(letter).toMatchObject({ service: 'notifier', reason: 'test.permanent-failure: never', attempts: 1 });
      await until('the next one has arrived', () => got.includes(good.id));
      expect(got).toEqual([bad.id, good.id]);
    });

    it('makes dead letters of a value that is not a message and of a message with invalid data, and continues', async () => {
      const group = newGroup();
      const [unfit, good] = [{ ...newMessage(group), data: { revision: 'first' } }, newMessage(group)];
      const noMessage = { from: group, text: 'hello' };
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await bus.publishRaw(deliveryCatalogued.topic, group, noMessage);
      await bus.publishRaw(deliveryCatalogued.topic, group, unfit);
      await bus.publisher.publish([good]);
      const letters = [
        await deadLetterOf((message) => (message as typeof noMessage).from === group),
        await deadLetterOf(hasId(unfit.id)),
      ];
      expect(letters.map(({ attempts }) => attempts)).toEqual([1, 1]);
      expect(letters[0]?.reason).toContain('messaging.message-malformed');
      expect(letters[1]?.reason).toContain('/revision');
      await until('the valid one has arrived', () => got.includes(good.id));
      expect(got).toEqual([good.id]);
    });

    it('makes a dead letter of a message of an unknown type', async () => {
      const stranger = { ...newMessage(newGroup()), type: 'org.example.Stranger' };
      await start('notifier', async () => undefined);
      await bus.publisher.publish([stranger]);
      expect((await deadLetterOf(hasId(stranger.id))).reason).toContain('org.example.Stranger');
    });

    it('skips an event on a topic of the service that the service does not subscribe to', async () => {
      const group = newGroup();
      const about = { key: group, subject: group, source: '/almagest/catalogue' };
      const other = makeMessage(groupReadyForCombination, about, {
        project: '2013.1.09999.S',
        group,
        readiness: 1,
        members: [],
      });
      const own = newMessage(group);
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await bus.publisher.publish([other, own]);
      await until('its own has arrived', () => got.includes(own.id));
      expect(got).toEqual([own.id]);
      expect((await bus.deadLetters()).some(({ message }) => hasId(other.id)(message))).toBe(false);
    });

    it('finishes the current message when it is stopped, and starts no other', async () => {
      const group = newGroup();
      const [first, second] = [newMessage(group), newMessage(group)];
      const [started, resume] = [new Gate(), new Gate()];
      const finished: string[] = [];
      const stopping = await start('notifier', async ({ id }) => {
        started.open();
        await resume.opened;
        finished.push(id);
      });
      await bus.publisher.publish([first, second]);
      await started.opened;
      const stopped = stopping.stop();
      resume.open();
      await stopped;
      expect(finished).toEqual([first.id]);
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await until('the next instance has the other', () => got.includes(second.id));
      expect(got).toEqual([second.id]);
    });
  });
}
