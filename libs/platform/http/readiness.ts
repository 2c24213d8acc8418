import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '../injection-tokens';
import type { Logger } from '../logging';

/** Resolves when what it checks is usable; else rejects with the reason. */
export type ReadinessCheck = () => Promise<void>;

/** The checks that must pass before a service is ready; each part of the service adds its own. */
@Injectable()
export class ReadinessChecks {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly failing = new Set<string>();

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /**
   * Returns `ok` or `failed` for each check. Anyone may ask: the reason, which can contain addresses and names of
   * servers, is in the log only, once for each change.
   */
  async run(): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const results = await Promise.all(
      [...this.checks].map(
        async ([name, check]) => [name, (await this.passes(name, check)) ? 'ok' : 'failed'] as const,
      ),
    );
    return { ready: results.every(([, state]) => state === 'ok'), checks: Object.fromEntries(results) };
  }

  private async passes(name: string, check: ReadinessCheck): Promise<boolean> {
    try {
      await check();
      if (this.failing.delete(name)) this.logger.info({ check: name }, 'readiness check passes again');
      return true;
    } catch (error) {
      if (!this.failing.has(name)) this.logger.warn({ check: name, error }, 'readiness check fails');
      this.failing.add(name);
      return false;
    }
  }
}
