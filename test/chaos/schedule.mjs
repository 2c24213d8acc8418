import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const { FAILPOINTS } = require('../../dist/libs/platform/failpoint.js');

/** Every relay has the relay's points. */
const RELAYS = ['intake', 'ingest', 'catalogue', 'notifier'];

/** What may happen, with its share of all happenings. */
const HAPPENINGS = [
  [62, 'kill'],
  [10, 'failpoint'],
  [10, 'stop'],
  [3, 'kill-engine'],
  [4, 'cut'],
  [4, 'refuse'],
  [4, 'slow'],
  [3, 'replay'],
];

/**
 * Lets things happen at random until that many processes have been killed: kill -9, SIGTERM and failpoints of services,
 * kill -9 of engines, connections cut, refused and slow, old messages brought again in another order. The same seed
 * gives the same happenings in the same order; each is printed when it begins.
 */
export class Schedule {
  /** @param {{ random: import('../fuzz/random.mjs').Random, kills: number, every: number, print: Function,
   *   replay: (count: number) => Promise<number> }} options `every` is the mean time between happenings, s */
  constructor(world, options) {
    Object.assign(this, { world, ...options, counts: {}, busy: new Map(), under: new Set() });
    this.begun = performance.now();
  }

  async run() {
    while (this.world.killed < this.kills) {
      await pause(-Math.log(1 - this.random.next()) * this.every * 1000);
      this.happen(this.draw());
    }
    await Promise.all(this.under);
  }

  /** What happens next, whole: nothing is left to the moment but whether its target is there. */
  draw() {
    let left = this.random.next() * HAPPENINGS.reduce((sum, [share]) => sum + share, 0);
    const [, kind] = HAPPENINGS.find(([share]) => (left -= share) < 0);
    const { random, world } = this;
    const instance = random.pick(world.instances);
    const proxy = random.pick(Object.keys(world.proxies));
    const engine = random.pick(Object.keys(world.engines));
    const points = FAILPOINTS.filter((name) => {
      const of = name.split('.')[0];
      return of === instance.service || (of === 'relay' && RELAYS.includes(instance.service));
    });
    const [point, duration, size] = [random.next(), random.next(), random.next()];
    return {
      kind,
      instance,
      proxy,
      engine,
      point: points[Math.floor(point * points.length)],
      downMs: Math.round(200 + 2800 * duration),
      delayMs: Math.round(20 + 180 * size),
      messages: 1 + Math.floor(20 * size),
    };
  }

  happen(what) {
    const doing = this.begin(what)
      .catch((error) => this.tell(`${what.kind} failed: ${error.message}`))
      .finally(() => this.under.delete(doing));
    this.under.add(doing);
    this.counts[what.kind] = (this.counts[what.kind] ?? 0) + 1;
  }

  async begin({ kind, instance, proxy, engine, point, downMs, delayMs, messages }) {
    switch (kind) {
      case 'kill':
        this.tell(`kill -9 ${instance.name}`);
        await this.world.end(instance, 'SIGKILL');
        return;
      case 'stop':
        this.tell(`SIGTERM ${instance.name}`);
        await this.world.end(instance, 'SIGTERM');
        return;
      case 'failpoint':
        this.tell(`kill -9 ${instance.name}, started to die at ${point ?? 'no point'}`);
        await this.world.end(instance, 'SIGKILL', point === undefined ? undefined : { FAILPOINT: point });
        return;
      case 'kill-engine':
        this.tell(`kill -9 ${engine}, down for ${downMs} ms`);
        await this.alone(engine, () => this.world.killEngine(engine, downMs));
        return;
      case 'cut':
        this.tell(`connections to ${proxy} cut`);
        this.world.proxies[proxy].cut();
        return;
      case 'refuse':
        this.tell(`${proxy} refuses connections for ${downMs} ms`);
        await this.alone(`${proxy} proxy`, () => this.outage(proxy, downMs));
        return;
      case 'slow':
        this.tell(`${proxy} slower by ${delayMs} ms for ${downMs} ms`);
        this.world.proxies[proxy].slow(delayMs);
        await pause(downMs);
        this.world.proxies[proxy].slow(0);
        return;
      case 'replay':
        this.tell(`${await this.replay(messages)} old messages again, in another order`);
    }
  }

  async outage(proxy, ms) {
    await this.world.proxies[proxy].refuse();
    await pause(ms);
    await this.world.proxies[proxy].accept();
  }

  /** One after another for the same target. */
  async alone(target, work) {
    const before = this.busy.get(target) ?? Promise.resolve();
    const done = before.then(work, work);
    this.busy.set(target, done);
    await done;
  }

  tell(text) {
    const seconds = ((performance.now() - this.begun) / 1000).toFixed(1).padStart(7);
    this.print(`${seconds} s  ${String(this.world.killed).padStart(5)} killed  ${text}`);
  }
}
