import { DomainError } from '@almagest/platform';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import type { Caller, GuardedRequest } from './caller';
import { Callers } from './callers';
import { assertNotWithdrawn, DataRegister, type DataSubject, isReleased } from './data-register';
import { type DataRight, type RequiredRight, RIGHT } from './right';

/** Milliseconds: a refusal about data is sent after a whole number of these. */
const REFUSAL_STEP_MS = 100;

/**
 * The guard of every service: checks each HTTP request against the right that its route requires. Messages from the bus
 * pass. A caller without the right to some data cannot find out whether they exist: the answer is 401 without a token or
 * link, and 404 with one. Nor does the time tell it: what exists takes more look-ups, so a refusal waits for the next of
 * equal steps.
 */
@Injectable()
export class RightGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
    private readonly register: DataRegister,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const required = this.reflector.getAllAndOverride<RequiredRight | undefined>(RIGHT, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    if (required === undefined) throw new ForbiddenException('Nobody may use this route');
    if (required !== 'public') {
      // A cache must not give the answer to a URL with a link to somebody who asks for the URL without it.
      context.switchToHttp().getResponse<Response>().setHeader('Cache-Control', 'private, no-cache');
      request.caller =
        typeof required === 'string'
          ? await this.callerWithScope(required, request)
          : await this.refuseInStep(() => this.readerOf(required, request));
    }
    return true;
  }

  private async refuseInStep<T>(decide: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await decide();
    } catch (error) {
      const taken = performance.now() - began;
      const pause = REFUSAL_STEP_MS - (taken % REFUSAL_STEP_MS);
      await new Promise((resolve) => setTimeout(resolve, pause));
      throw error;
    }
  }

  private async callerWithScope(scope: Caller['scopes'][number], request: GuardedRequest): Promise<Caller> {
    const caller = await this.callers.identify(request);
    if (caller === null) throw new UnauthorizedException('A bearer token is required');
    if (!caller.scopes.includes(scope)) throw new ForbiddenException(`This requires a token with the scope ${scope}`);
    return caller;
  }

  private async readerOf({ data, from, name }: DataRight, request: GuardedRequest): Promise<Caller | null> {
    const id = textIn(request[from], name);
    const subject = id === null ? null : await this.register.find(data, id);
    if (subject !== null && isReleased(subject, new Date())) {
      assertNotWithdrawn(subject);
      // The data are public: an invalid token, such as the link of an old mail, does not matter.
      return this.callers.identify(request).catch(() => null);
    }
    const caller = await this.callers.identify(request);
    if (caller === null) {
      throw new UnauthorizedException('A bearer token, or the link of the mail about the delivery, is required');
    }
    if (!(await this.mayRead(caller, subject))) {
      throw new DomainError('not-found', 'auth.not-visible', 'Not found, or you are not authorised to access it');
    }
    assertNotWithdrawn(subject);
    return caller;
  }

  private async mayRead(caller: Caller, subject: DataSubject | null): Promise<boolean> {
    const { scopes, link } = caller;
    if (link !== null && (await this.register.isRevoked(link.id))) {
      throw new UnauthorizedException('The link has been revoked');
    }
    // A caller who may read everything may also learn what does not exist.
    if (scopes.includes('archive:read')) return true;
    return subject !== null && this.register.belongsTo(caller, subject);
  }
}

function textIn(holder: unknown, name: string): string | null {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return null;
  const value: unknown = Reflect.get(holder, name);
  // No id contains NUL, which PostgreSQL refuses in a parameter.
  return typeof value === 'string' && value.length <= 256 && !value.includes('\0') ? value : null;
}
