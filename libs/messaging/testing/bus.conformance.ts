import { deliveryCatalogued, groupReadyForCombination, type ServiceName } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { type DeadLetter, MOST_ATTEMPTS } from '../bus';
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

/** As a message's handler throws it: trying again does not help. */
class LastWord extends Error {
  readonly code = 'test.last-word';
  readonly retryable = false;
}

/**
 * Registers the jest tests that every bus must pass: a publisher and a Nest transport strategy. They share one bus; each
 * has groups of its own.
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

    /** Starts an instance; stopped after the test at the latest. */
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
      await until('the dead letter is there', async () => {
        found.push(...(await bus.deadLetters()).filter((letter) => isIt(letter.message)));
        return found.length > 0;
      });
      return found[0] as DeadLetter;
    }

    const hasId =
      (id: string) =>
      (message: unknown): boolean =>
        (message as Partial<BusMessage> | null)?.id === id;

    it('brings a message unchanged: id, type, topic, key, subject, source, time, trace and data', async () => {
      const sent = newMessage(newGroup());
      const got: { message: BusMessage; data: unknown }[] = [];
      await start('notifier', async (message, data) => void got.push({ message, data }));
      await bus.publisher.publish([sent]);
      await until('it has come', () => got.length > 0);
      expect(got).toEqual([{ message: sent, data: sent.data }]);
    });

    it('keeps a message for a service that is not up yet', async () => {
      const sent = newMessage(newGroup());
      await bus.publisher.publish([sent]);
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await until('it has come', () => got.includes(sent.id));
    });

    it('brings the messages of a key in the order they were published, whoever handles them', async () => {
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
      await until('all have come', () => got.length >= sent.length);
      for (const group of groups) {
        const of = (messages: BusMessage[]): string[] => messages.filter((m) => m.key === group).map((m) => m.id);
        expect(of(got)).toEqual(of(mixed));
      }
    });

    it('handles messages of different keys side by side', async () => {
      const sent = Array.from({ length: 12 }, () => newMessage(newGroup()));
      const together = new Gate();
      const got = new Set<string>();
      await start('notifier', async ({ id }) => {
        got.add(id);
        if (got.size === 2) together.open();
        await together.opened;
      });
      await bus.publisher.publish(sent);
      await until('all have come', () => got.size === sent.length);
    });

    it('brings a copy to every service that subscribes', async () => {
      const sent = newMessage(newGroup());
      const got: string[] = [];
      await start('notifier', async ({ id }) => void (id === sent.id && got.push('notifier')));
      await start('intake', async ({ id }) => void (id === sent.id && got.push('intake')));
      await bus.publisher.publish([sent]);
      await until('both have it', () => got.length === 2);
      expect(got.sort()).toEqual(['intake', 'notifier']);
    });

    it('shares a service’s messages between its instances, and none is handled twice', async () => {
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
      await until('all have come', () => got.a.length + got.b.length >= sent.length);
      // A message that came twice would come before this one, which is published last with the key of the first.
      const last = newMessage(sent[0]?.key as Uid);
      await bus.publisher.publish([last]);
      await until('the last one has come', () => [...got.a, ...got.b].includes(last.id));
      expect([...got.a, ...got.b].sort()).toEqual([...sent, last].map((message) => message.id).sort());
    });

    it('brings a message again whose instance died over it, to another instance', async () => {
      const sent = newMessage(newGroup());
      const [taken, never] = [new Gate(), new Gate()];
      const first = await start('notifier', async () => {
        taken.open();
        await never.opened;
      });
      await bus.publisher.publish([sent]);
      await taken.opened;
      await first.cut();
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await until('the other instance has it', () => got.includes(sent.id));
      never.open();
    });

    it('tries a message again after a failure that may pass, waiting longer each time', async () => {
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

    it('gives a message up after its last attempt, with the reason, the attempts and the message as it came', async () => {
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
        reason: `run ${MOST_ATTEMPTS} failed`,
        attempts: MOST_ATTEMPTS,
      });
      expect(runs).toBe(MOST_ATTEMPTS);
    });

    it('gives a message up at once when trying again cannot help, and goes on with the next of its key', async () => {
      const group = newGroup();
      const [bad, good] = [newMessage(group), newMessage(group)];
      const got: string[] = [];
      await start('notifier', async ({ id }) => {
        got.push(id);
        if (id === bad.id) throw new LastWord('never');
      });
      await bus.publisher.publish([bad, good]);
      const letter = await deadLetterOf(hasId(bad.id));
      expect(letter).toMatchObject({ service: 'notifier', reason: 'test.last-word: never', attempts: 1 });
      await until('the next one has come', () => got.includes(good.id));
      expect(got).toEqual([bad.id, good.id]);
    });

    it('gives up what is no message, or has other data than its type has, and goes on', async () => {
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
      await until('the good one has come', () => got.includes(good.id));
      expect(got).toEqual([good.id]);
    });

    it('gives up a message of a type that no contract knows', async () => {
      const stranger = { ...newMessage(newGroup()), type: 'org.example.Stranger' };
      await start('notifier', async () => undefined);
      await bus.publisher.publish([stranger]);
      expect((await deadLetterOf(hasId(stranger.id))).reason).toContain('org.example.Stranger');
    });

    it('passes over an event that travels on a topic of the service but is not for it', async () => {
      const group = newGroup();
      const about = { key: group, subject: group, source: '/almagest/catalogue' };
      const other = makeMessage(groupReadyForCombination, about, {
        ...{ project: '2013.1.09999.S', group, readiness: 1 },
        members: [],
      });
      const own = newMessage(group);
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await bus.publisher.publish([other, own]);
      await until('its own has come', () => got.includes(own.id));
      expect(got).toEqual([own.id]);
      expect((await bus.deadLetters()).some(({ message }) => hasId(other.id)(message))).toBe(false);
    });

    it('finishes the message in hand when it is stopped, and takes no other', async () => {
      const group = newGroup();
      const [first, second] = [newMessage(group), newMessage(group)];
      const [taken, goOn] = [new Gate(), new Gate()];
      const finished: string[] = [];
      const stopping = await start('notifier', async ({ id }) => {
        taken.open();
        await goOn.opened;
        finished.push(id);
      });
      await bus.publisher.publish([first, second]);
      await taken.opened;
      const stopped = stopping.stop();
      goOn.open();
      await stopped;
      expect(finished).toEqual([first.id]);
      const got: string[] = [];
      await start('notifier', async ({ id }) => void got.push(id));
      await until('the next instance has the other', () => got.includes(second.id));
      expect(got).toEqual([second.id]);
    });
  });
}
