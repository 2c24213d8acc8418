import { SilentServerError, SilentServers } from './silent-servers';
import type { Source } from './source';
import { SourceError } from './source.error';

const never = new AbortController().signal;
const SILENCE = new SourceError('source.unavailable', 'timed out', { isSilence: true });

/** A server with one file; each read of it waits until the test settles it. */
class TestServer {
  readonly reads: { resolve: (length: number) => void; reject: (error: Error) => void }[] = [];
  readonly source: Source = {
    open: async () => ({
      read: () => new Promise((resolve, reject) => void this.reads.push({ resolve, reject })),
      close: async () => undefined,
    }),
  };
}

describe('SilentServers', () => {
  let server: TestServer;
  beforeEach(() => {
    server = new TestServer();
  });

  /** Reads the file once, as a transfer does: it always closes what it opened. */
  const transfer = async (servers: SilentServers, name = 'host'): Promise<number> => {
    const reader = await servers.guarded(name, server.source).open(never);
    try {
      return await reader.read(Buffer.alloc(1));
    } finally {
      await reader.close();
    }
  };
  const begun = async (...args: Parameters<typeof transfer>): Promise<{ running: Promise<number> }> => {
    const { length } = server.reads;
    const running = transfer(...args);
    running.catch(() => undefined);
    while (server.reads.length === length) await new Promise((resolve) => setImmediate(resolve));
    return { running };
  };
  const fail = async (servers: SilentServers, error: Error): Promise<void> => {
    const { running } = await begun(servers);
    server.reads.at(-1)?.reject(error);
    await expect(running).rejects.toBe(error);
  };
  it('do not take a slot for each of their files', async () => {
    const servers = new SilentServers(60_000);
    await fail(servers, SILENCE);
    await expect(transfer(servers)).rejects.toThrow(SilentServerError);
    expect(server.reads).toHaveLength(1);
  });

  it('are asked again by one transfer; the others follow when it has an answer', async () => {
    const servers = new SilentServers(0);
    await fail(servers, SILENCE);
    const { running: asking } = await begun(servers);
    const waiting = [transfer(servers), transfer(servers)];
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.reads).toHaveLength(2);
    server.reads.at(-1)?.resolve(1);
    expect(await asking).toBe(1);
    while (server.reads.length < 4) await new Promise((resolve) => setImmediate(resolve));
    for (const { resolve } of server.reads.slice(2)) resolve(1);
    expect(await Promise.all(waiting)).toEqual([1, 1]);
  });

  it('are given up by those that wait when there is no answer', async () => {
    const servers = new SilentServers(100);
    await fail(servers, SILENCE);
    await new Promise((resolve) => setTimeout(resolve, 110));
    const { running: asking } = await begun(servers);
    const waiting = transfer(servers);
    server.reads.at(-1)?.reject(SILENCE);
    await expect(asking).rejects.toBe(SILENCE);
    await expect(waiting).rejects.toMatchObject({ name: 'SilentServerError', afterMs: 100 });
  });

  it('do not keep a transfer that is stopped while it waits', async () => {
    const servers = new SilentServers(0);
    await fail(servers, SILENCE);
    await begun(servers);
    const stop = new AbortController();
    const waiting = servers.guarded('host', server.source).open(stop.signal);
    stop.abort(new Error('the service stops'));
    await expect(waiting).rejects.toThrow('the service stops');
  });

  it('are asked by the next transfer when the one that asked was stopped', async () => {
    const servers = new SilentServers(0);
    await fail(servers, SILENCE);
    await fail(servers, new Error('the service stops'));
    const { running: next } = await begun(servers);
    server.reads.at(-1)?.resolve(1);
    expect(await next).toBe(1);
  });

  it('do not affect other servers, nor do servers that answer with an error', async () => {
    const servers = new SilentServers(60_000);
    await fail(servers, new SourceError('source.not-found', 'x'));
    await fail(servers, SILENCE);
    const { running: other } = await begun(servers, 'other');
    server.reads.at(-1)?.resolve(1);
    expect(await other).toBe(1);
  });
});
