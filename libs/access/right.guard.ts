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
import { BASIC_KINDS, CHALLENGES, type DataKind, type DataRight, type RequiredRight, RIGHT } from './right';

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
          : await this.refuseInStep(() => this.readerOf(required, request, context));
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

  private async readerOf(
    { data, from, name }: DataRight,
    request: GuardedRequest,
    context: ExecutionContext,
  ): Promise<Caller | null> {
    const id = textIn(request[from], name);
    const takesBasic = BASIC_KINDS.includes(data);
    const released = (await this.candidates(data, id, null)).find((subject) => isReleased(subject, new Date()));
    if (released !== undefined) {
      assertNotWithdrawn(released);
      // The data are public: an invalid token, such as the link of an old mail, does not matter.
      return this.callers.identify(request, takesBasic).catch(() => null);
    }
    try {
      const caller = await this.callers.identify(request, takesBasic);
      if (caller === null) {
        throw new UnauthorizedException('A bearer token, or the link of the mail about the delivery, is required');
      }
      assertNotWithdrawn(await this.readable(caller, await this.candidates(data, id, caller)));
      return caller;
    } catch (error) {
      if (takesBasic && error instanceof UnauthorizedException) {
        context.switchToHttp().getResponse<Response>().setHeader('WWW-Authenticate', CHALLENGES);
      }
      throw error;
    }
  }

  private async candidates(data: DataKind, id: string | null, reader: Caller | null): Promise<readonly DataSubject[]> {
    return id === null ? [] : this.register.candidates(data, id, reader);
  }

  /**
   * Returns the first of the subjects that a caller may read; null for what does not exist.
   * @throws UnauthorizedException; DomainError `auth.not-visible`
   */
  private async readable(caller: Caller, subjects: readonly DataSubject[]): Promise<DataSubject | null> {
    const { scopes, link } = caller;
    if (link !== null && (await this.register.isRevoked(link.id))) {
      throw new UnauthorizedException('The link has been revoked');
    }
    // A caller who may read everything may also learn what does not exist.
    if (scopes.includes('archive:read')) return subjects[0] ?? null;
    for (const subject of subjects) if (await this.register.belongsTo(caller, subject)) return subject;
    throw new DomainError('not-found', 'auth.not-visible', 'Not found, or you are not authorised to access it');
  }
}

function textIn(holder: unknown, name: string): string | null {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return null;
  const value: unknown = Reflect.get(holder, name);
  // Express returns the segments of a path.
  const text = Array.isArray(value) ? value.join('/') : value;
  // No id contains NUL, which PostgreSQL refuses in a parameter.
  return typeof text === 'string' && text.length <= 1024 && !text.includes('\0') ? text : null;
}
