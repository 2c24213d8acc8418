import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { planGroup } from './results.mjs';

const require = createRequire(import.meta.url);
const { qa2ResultPosted } = require('../../dist/libs/contracts/index.js');
const AGAIN_AFTER_MS = 100;
/** What a service says when it, or an engine behind it, is away at the moment. */
const PASSING = new Set([500, 502, 503, 504]);

/**
 * Sends QA2 results group after group, as a pipeline does that repeats what it got no answer to, and writes down what
 * the archive answered. The results of one ObsUnitSet are sent one after another, those of others side by side.
 */
export class Stream {
  /** Steps of all groups, each with `answers` (HTTP) or `messageIds` (bus) once it was sent. */
  steps = [];
  groups = [];
  repeats = 0;

  /** @param {{ random: import('../fuzz/random.mjs').Random, perSecond: number, publish: Function }} options */
  constructor(world, { random, perSecond, publish }) {
    Object.assign(this, { world, random, perSecond, publish });
  }

  /** Sends until `goOn` says no more, then until everything planned is sent. */
  async run(goOn) {
    const begun = performance.now();
    const under = [];
    for (let number = 0; goOn(); number++) {
      const group = await planGroup(this.random, number, this.world.inbox);
      this.groups.push(group);
      for (const { ous, steps } of group.plans) {
        this.steps.push(...steps.map((step) => Object.assign(step, { ous, group: group.uid })));
        under.push(this.sendAll(group, steps));
      }
      const due = begun + (this.steps.length / this.perSecond) * 1000;
      await pause(Math.max(0, due - performance.now()));
    }
    await Promise.all(under);
  }

  async sendAll(group, steps) {
    for (const step of steps) {
      if (step.by === 'http') await Promise.all(Array.from({ length: step.times }, () => this.post(step)));
      else await this.send(group, step);
    }
  }

  /** Posts until there is an answer that counts. */
  async post(step) {
    for (;;) {
      try {
        const init = { method: 'POST', body: JSON.stringify(step.result) };
        const response = await this.world.ask('intake', '/qa2-results', init);
        const body = await response.json();
        if (!PASSING.has(response.status)) {
          (step.answers ??= []).push({ status: response.status, id: body.id, code: body.code });
          return;
        }
      } catch {
        // Nobody answered, or not to the end: nothing is known of what became of it.
      }
      this.repeats += 1;
      await pause(AGAIN_AFTER_MS);
    }
  }

  /** Publishes on the topic of the observatory's pipeline: the same message again, or another with the same content. */
  async send(group, step) {
    const message = () => ({
      id: randomUUID(),
      type: qa2ResultPosted.type,
      topic: qa2ResultPosted.topic,
      key: group.uid,
      subject: step.ous,
      source: '/observatory/pipeline',
      time: new Date().toISOString(),
      traceparent: `00-${randomUUID().replaceAll('-', '')}-${randomUUID().slice(-12)}beef-01`,
      data: step.result,
    });
    const first = message();
    const messages = step.times === 1 ? [first] : [first, step.sameMessage ? first : message()];
    step.messageIds = [...new Set(messages.map(({ id }) => id))];
    for (;;) {
      try {
        await this.publish(messages);
        return;
      } catch {
        await pause(AGAIN_AFTER_MS);
      }
    }
  }
}
