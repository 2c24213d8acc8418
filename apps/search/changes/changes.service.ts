import type { Change } from '@almagest/contracts';
import { DomainError } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { ChangeSignal } from './change-signal';
import { ChangesRepository } from './changes.repository';

/** Serves the changes of what queries see, and waits for the next one. */
@Injectable()
export class ChangesService {
  constructor(
    private readonly repository: ChangesRepository,
    private readonly signal: ChangeSignal,
  ) {}

  /**
   * Returns the changes after a number, in order. If there is none, waits for one.
   * @param wait seconds at most; the wait also ends when `gone` aborts
   * @throws DomainError `search.change-unknown` for a number above the newest; `search.too-many-waiting`
   */
  async after(number: number, limit: number, wait: number, gone: AbortSignal): Promise<Change[]> {
    const until = performance.now() + wait * 1000;
    let changes = await this.read(number, limit);
    for (let isOver = wait === 0; changes.length === 0 && !isOver;) {
      const waiting = this.signal.begin((until - performance.now()) / 1000, gone);
      try {
        // One may have been committed since the last look.
        changes = await this.repository.after(number, limit);
        isOver = changes.length > 0 || !(await waiting.over);
      } finally {
        waiting.end();
      }
    }
    return changes;
  }

  private async read(number: number, limit: number): Promise<Change[]> {
    const changes = await this.repository.after(number, limit);
    if (changes.length > 0) return changes;
    const newest = await this.repository.newest();
    if (newest >= number) return [];
    const message = `The newest change is ${newest}: the archive has begun to number them again. Start with after=0`;
    throw new DomainError('gone', 'search.change-unknown', message);
  }
}
