import { Callers } from '@almagest/access';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import type { JobCaller } from './jobs.service';

/** Identifies the callers of asynchronous queries. */
@Injectable()
export class JobCallers {
  constructor(private readonly callers: Callers) {}

  /**
   * Returns the caller. An invalid token means an anonymous one, as everywhere in search. Neither does the link of a mail
   * own jobs, because several people may have it.
   * @throws ServiceUnavailableException when a token cannot be verified now: its job would belong to nobody
   */
  async of(request: Request): Promise<JobCaller> {
    const caller = await this.callers.identify(request).catch((error: unknown) => {
      if (error instanceof UnauthorizedException) return null;
      throw error;
    });
    return {
      owner: caller === null || caller.link !== null ? null : caller.id,
      id: caller?.id ?? `address:${request.ip}`,
    };
  }
}
