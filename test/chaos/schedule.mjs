import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const { FAILPOINTS } = require('../../dist/libs/platform/failpoint.js');

/** The services with an outbox relay, and thus with its failpoints. */
const RELAYS = ['intake', 'ingest', 'catalogue', 'notifier'];

/** The kinds of disturbances, with the share of each. */
const DISTURBANCES = [
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
 * Disturbs the archive at random until `kills` processes have been killed: kill -9, SIGTERM and failpoints of services,
 * kill -9 of engines, connections cut, refused and delayed, old messages replayed in another order. The same seed gives
 * the same disturbances in the same order. Each is printed when it begins.
 */
export class Schedule {
  /** @param {{ random: import('../fuzz/random.mjs').Random, kills: number, every: number, print: Function,
   *   replay: (count: number) => Promise<number> }} options `every` is the mean time between disturbances, s */
  constructor(world, options) {
    Object.assign(this, { world, ...options, counts: {}, busy: new Map(), running: new Set() });
    this.begun = performance.now();
  }

  async run() {
    while (this.world.killed < this.kills) {
      await pause(-Math.log(1 - this.random.next()) * this.every * 1000);
      this.disturb(this.draw());
    }
    await Promise.all(this.running);
  }

  /** Draws the next disturbance with all its parameters, so that they depend on the seed alone. */
  draw() {
    let left = this.random.next() * DISTURBANCES.reduce((sum, [share]) => sum + share, 0);
    const [, kind] = DISTURBANCES.find(([share]) => (left -= share) < 0);
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

  disturb(what) {
    const doing = this.perform(what)
      .catch((error) => this.log(`${what.kind} failed: ${error.message}`))
      .finally(() => this.running.delete(doing));
    this.running.add(doing);
    this.counts[what.kind] = (this.counts[what.kind] ?? 0) + 1;
  }

  async perform({ kind, instance, proxy, engine, point, downMs, delayMs, messages }) {
    switch (kind) {
      case 'kill':
        this.log(`kill -9 ${instance.name}`);
        await this.world.end(instance, 'SIGKILL');
        return;
      case 'stop':
        this.log(`SIGTERM ${instance.name}`);
        await this.world.end(instance, 'SIGTERM');
        return;
      case 'failpoint':
        this.log(`kill -9 ${instance.name}, restarted with failpoint ${point ?? 'none'}`);
        await this.world.end(instance, 'SIGKILL', point === undefined ? undefined : { FAILPOINT: point });
        return;
      case 'kill-engine':
        this.log(`kill -9 ${engine}, down for ${downMs} ms`);
        await this.alone(engine, () => this.world.killEngine(engine, downMs));
        return;
      case 'cut':
        this.log(`cuts the connections to ${proxy}`);
        this.world.proxies[proxy].cut();
        return;
      case 'refuse':
        this.log(`${proxy} refuses connections for ${downMs} ms`);
        await this.alone(`${proxy} proxy`, () => this.outage(proxy, downMs));
        return;
      case 'slow':
        this.log(`${proxy} delayed by ${delayMs} ms for ${downMs} ms`);
        this.world.proxies[proxy].slow(delayMs);
        await pause(downMs);
        this.world.proxies[proxy].slow(0);
        return;
      case 'replay':
        this.log(`${await this.replay(messages)} old messages replayed in another order`);
    }
  }

  async outage(proxy, ms) {
    await this.world.proxies[proxy].refuse();
    await pause(ms);
    await this.world.proxies[proxy].accept();
  }

  /** Runs `work` after all earlier work on the same target. */
  async alone(target, work) {
    const before = this.busy.get(target) ?? Promise.resolve();
    const done = before.then(work, work);
    this.busy.set(target, done);
    await done;
  }

  log(text) {
    const seconds = ((performance.now() - this.begun) / 1000).toFixed(1).padStart(7);
    this.print(`${seconds} s  ${String(this.world.killed).padStart(5)} killed  ${text}`);
  }
}
