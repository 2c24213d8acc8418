import { Controller, Get, Injectable, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Right } from '../auth/right';

/** Resolves when what it looks at is usable; rejects with the reason when not. */
export type ReadinessCheck = () => Promise<void>;

/** What must work before a service is ready; each part of the service adds its own check. */
@Injectable()
export class ReadinessChecks {
  private readonly checks = new Map<string, ReadinessCheck>();

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** `ok`, or the kind of failure, for each check. */
  async run(): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => {
        try {
          await check();
          return [name, 'ok'] as const;
        } catch (error) {
          return [name, error instanceof Error ? error.message : 'failed'] as const;
        }
      }),
    );
    return { ready: results.every(([, state]) => state === 'ok'), checks: Object.fromEntries(results) };
  }
}

@ApiExcludeController()
@Controller('health')
@Right('public')
export class HealthController {
  constructor(private readonly readiness: ReadinessChecks) {}

  /** The process answers. */
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** The process can do its work: 200, or 503 with what is missing. */
  @Get('ready')
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const state = await this.readiness.run();
    response.status(state.ready ? 200 : 503);
    return state;
  }
}
