import { World } from '../chaos/world.mjs';
import { residentMemory } from './bench-archive.mjs';

/** An archive of separate services on the real engines, with the same interface as `BenchArchive`. */
export class SeparateArchive {
  static async start(instances, bus) {
    const archive = new SeparateArchive();
    archive.world = await World.start({ instances, bus, proxied: false });
    archive.world.mail.onMail = () => archive.onMail?.();
    return archive;
  }

  get inbox() {
    return this.world.inbox;
  }

  /** The received mails: Message-ID -> time of arrival, `performance.now`. */
  get received() {
    return new Map(this.world.mail.received.map(({ messageId, at }) => [messageId, at]));
  }

  async post(result) {
    const response = await this.world.ask('intake', '/qa2-results', { method: 'POST', body: JSON.stringify(result) });
    const answer = await response.text();
    if (response.status !== 202) throw new Error(`${response.status}: ${answer}`);
  }

  /** Resolves when `count` mails have been received. */
  async mails(count) {
    while (this.world.mail.received.length < count) await new Promise((resolve) => (this.onMail = resolve));
  }

  /** Returns the resident memory of the largest service process, in bytes. */
  async memory() {
    return Math.max(...(await Promise.all(this.world.instances.map(({ child }) => residentMemory(child.pid)))));
  }

  async stop() {
    await this.world.stop();
  }
}
