import { setTimeout as pause } from 'node:timers/promises';
import { fileForm } from '../bench/small-delivery.mjs';

/**
 * Reads the catalogue all the time while processes are killed, and records what must never be visible: an incomplete
 * delivery, two current ones, a revision that goes back. An archive that does not answer is not a fault.
 */
export class Reader {
  faults = [];
  reads = 0;
  newest = new Map();

  constructor(world, stream, random) {
    Object.assign(this, { world, stream, random, stopped: false });
  }

  async run() {
    while (!this.stopped) {
      const step = this.stream.steps.length > 0 ? this.random.pick(this.stream.steps) : undefined;
      if (step !== undefined) await this.check(step);
      await pause(20);
    }
  }

  async check({ ous }) {
    const page = await this.read(`/ous/${fileForm(ous)}/deliveries`);
    if (page === null) return;
    this.reads += 1;
    const current = page.items.filter(({ state }) => state === 'current');
    const isVisible = page.items.some(({ state }) => state !== 'withdrawn');
    if (isVisible && current.length !== 1) this.faults.push(`${ous} has ${current.length} current deliveries`);
    for (const { revision } of current) {
      // A read that began earlier may end later: each is compared with what was known when it began.
      if (revision < (this.newest.get(ous) ?? 0)) this.faults.push(`${ous} went back to revision ${revision}`);
      this.newest.set(ous, revision);
    }
    for (const delivery of page.items) await this.checkDelivery(delivery);
  }

  async checkDelivery({ id, ous, revision, files, parts }) {
    const step = this.stream.steps.find(({ ous: of, result }) => of === ous && result.revision === revision);
    const expected = step?.result.parts ?? [];
    if (files !== step?.files || parts !== expected.length) {
      this.faults.push(`${ous} r${revision} is listed with ${parts} parts and ${files} files`);
    }
    const delivery = await this.read(`/deliveries/${id}`);
    if (delivery === null) return;
    for (const { name, size } of expected) {
      if (delivery.partList.find((part) => part.name === name)?.size !== size) {
        this.faults.push(`${ous} r${revision} is shown without ${name}`);
      }
      const head = await this.world
        .ask('catalogue', `/deliveries/${id}/parts/${name}`, { method: 'HEAD' })
        .catch(() => null);
      const isWrong = head?.status === 404 || (head?.ok && head.headers.get('content-length') !== String(size));
      if (isWrong) this.faults.push(`${name} of ${ous} r${revision} is not available: ${head.status}`);
    }
  }

  /** Returns a document, or null when the archive does not answer or does not have it. */
  async read(path) {
    try {
      const response = await this.world.ask('catalogue', path);
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }
}
