import type { Request } from 'express';
import { Counter, Gauge } from 'prom-client';
import type { z } from 'zod';
import type { downloadVariables } from '../config/variables';
import { DomainError } from '../errors';
import { metricsRegistry } from './metrics';

/** Seconds after which a refused download may be tried again. */
const RETRY_AFTER = '10';

const sending = new Gauge({
  name: 'almagest_downloads',
  help: 'Downloads that are being sent',
  registers: [metricsRegistry],
});
const refused = new Counter({
  name: 'almagest_downloads_refused_total',
  help: 'Downloads that were answered with 503 because too many were being sent',
  labelNames: ['limit'],
  registers: [metricsRegistry],
});

/** A request that a guard may have identified; an anonymous one is known by its address. */
type DownloadRequest = Pick<Request, 'ip'> & { readonly caller?: { readonly id: string } | null };

/** Limits how many downloads are sent at the same time, in total and to one caller: each holds a file and memory. */
export class DownloadSlots {
  private readonly taken = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: Readonly<z.infer<z.ZodObject<typeof downloadVariables>>>) {}

  /**
   * Takes a slot, and returns the function that frees it.
   * @throws DomainError `http.too-many-downloads`
   */
  take({ caller, ip }: DownloadRequest): () => void {
    const id = caller?.id ?? `address:${ip}`;
    const own = this.taken.get(id) ?? 0;
    if (own >= this.limits.MAX_DOWNLOADS_PER_CALLER) throw tooMany('caller', `You have ${own} downloads already`);
    if (this.total >= this.limits.MAX_DOWNLOADS)
      throw tooMany('total', 'The archive sends as many downloads as it can');
    this.taken.set(id, own + 1);
    this.total += 1;
    sending.inc();
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.release(id);
    };
  }

  private release(id: string): void {
    const left = (this.taken.get(id) ?? 1) - 1;
    if (left === 0) this.taken.delete(id);
    else this.taken.set(id, left);
    this.total -= 1;
    sending.dec();
  }
}

function tooMany(limit: 'caller' | 'total', reason: string): DomainError {
  refused.inc({ limit });
  const headers = { 'Retry-After': RETRY_AFTER };
  return new DomainError('unavailable', 'http.too-many-downloads', `${reason}; try again later`, { headers });
}
