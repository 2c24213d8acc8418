import { Injectable } from '@nestjs/common';
import { CoverageRepository, type Scope } from './coverage.repository';
import { mocFits, mocJson } from './moc-file';

/** The forms of a coverage map. */
export const MOC_FORMATS = { fits: 'application/fits', json: 'application/json' } as const;
export type MocFormat = keyof typeof MOC_FORMATS;

/** Bytes of the maps that are kept. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** Makes coverage maps, one at a time, and keeps those that were asked for last until what they show changes. */
@Injectable()
export class CoverageService {
  /** By scope and form; the one that was asked for last is last. */
  private readonly kept = new Map<string, { fingerprint: string; map: Buffer }>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly repository: CoverageRepository) {}

  /** Returns a text that changes with the map; null when there is no such project. */
  async fingerprint(scope: Scope): Promise<string | null> {
    return this.repository.fingerprint(scope);
  }

  /**
   * Returns a coverage map as a file.
   * @param fingerprint of the scope; a map that is newer than it may be returned, never an older one
   */
  async map(scope: Scope, format: MocFormat, fingerprint: string): Promise<Buffer> {
    const key = `${scope.project ?? ''} ${scope.band ?? ''} ${format}`;
    const made = this.last.then(async () => {
      const known = this.kept.get(key);
      if (known?.fingerprint === fingerprint) return known.map;
      const orders = await this.repository.cells(scope);
      return format === 'fits' ? mocFits(orders) : mocJson(orders);
    });
    this.last = made.catch(() => undefined);
    const map = await made;
    this.keep(key, fingerprint, map);
    return map;
  }

  private keep(key: string, fingerprint: string, map: Buffer): void {
    this.kept.delete(key);
    this.kept.set(key, { fingerprint, map });
    let bytes = 0;
    for (const [other, { map: one }] of [...this.kept].reverse()) {
      bytes += one.length;
      if (bytes > KEPT_BYTES) this.kept.delete(other);
    }
  }
}
