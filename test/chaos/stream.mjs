import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { planGroup } from './results.mjs';

const require = createRequire(import.meta.url);
const { qa2ResultPosted } = require('../../dist/libs/contracts/index.js');
const RETRY_DELAY_MS = 100;
/** The status codes of a service that is unavailable, or whose engine is. */
const RETRYABLE = new Set([500, 502, 503, 504]);

/**
 * Sends QA2 results group after group, as a pipeline that repeats every request without an answer, and records the
 * answers. The results of one ObsUnitSet are sent one after another, those of different ones at the same time.
 */
export class Stream {
  /** The steps of all groups, each with `answers` (HTTP) or `messageIds` (bus) once it is sent. */
  steps = [];
  groups = [];
  repeats = 0;

  /** @param {{ random: import('../fuzz/random.mjs').Random, perSecond: number, publish: Function }} options */
  constructor(world, { random, perSecond, publish }) {
    Object.assign(this, { world, random, perSecond, publish });
  }

  /** Plans and sends groups while `shouldContinue` returns true. Resolves when all planned results are sent. */
  async run(shouldContinue) {
    const begun = performance.now();
    const sending = [];
    for (let number = 0; shouldContinue(); number++) {
      const group = await planGroup(this.random, number, this.world.inbox);
      this.groups.push(group);
      for (const { ous, steps } of group.plans) {
        this.steps.push(...steps.map((step) => Object.assign(step, { ous, group: group.uid })));
        sending.push(this.sendAll(group, steps));
      }
      const due = begun + (this.steps.length / this.perSecond) * 1000;
      await pause(Math.max(0, due - performance.now()));
    }
    await Promise.all(sending);
  }

  async sendAll(group, steps) {
    for (const step of steps) {
      if (step.by === 'http') await Promise.all(Array.from({ length: step.times }, () => this.post(step)));
      else await this.send(group, step);
    }
  }

  /** Posts until there is a definite answer. */
  async post(step) {
    for (;;) {
      try {
        const init = { method: 'POST', body: JSON.stringify(step.result) };
        const response = await this.world.ask('intake', '/qa2-results', init);
        const body = await response.json();
        if (!RETRYABLE.has(response.status)) {
          (step.answers ??= []).push({ status: response.status, id: body.id, code: body.code });
          return;
        }
      } catch {
        // No answer, or an incomplete one: it is unknown whether the result was accepted.
      }
      this.repeats += 1;
      await pause(RETRY_DELAY_MS);
    }
  }

  /** Publishes on the pipeline's topic. A repeated step sends the same message twice, or two with the same content. */
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
        await pause(RETRY_DELAY_MS);
      }
    }
  }
}
