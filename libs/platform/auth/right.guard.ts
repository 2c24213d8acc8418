import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { DomainError } from '../errors/domain.error';
import type { Caller, GuardedRequest } from './caller';
import { Callers } from './callers';
import { DataRegister, type DataSubject, isReleased, mustBeThere } from './data-register';
import { type DataRight, RIGHT, type RightNeeded } from './right';

/**
 * The one guard of every service: holds each request against the right its route states. Messages from the bus pass.
 * Who has no right to some data learns the same whether they exist or not: 401 without a token or link, 404 with one.
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
    const needed = this.reflector.getAllAndOverride<RightNeeded | undefined>(RIGHT, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    if (needed === undefined) throw new ForbiddenException('Nobody has a right to this');
    if (needed !== 'public') {
      // A link in a URL must not make a cache give the answer to the next one who has the URL without it.
      context.switchToHttp().getResponse<Response>().setHeader('Cache-Control', 'private, no-cache');
      request.caller =
        typeof needed === 'string' ? await this.holderOf(needed, request) : await this.readerOf(needed, request);
    }
    return true;
  }

  private async holderOf(scope: Caller['scopes'][number], request: GuardedRequest): Promise<Caller> {
    const caller = await this.callers.of(request);
    if (caller === null) throw new UnauthorizedException('A bearer token is required');
    if (!caller.scopes.includes(scope)) throw new ForbiddenException('The token does not allow this');
    return caller;
  }

  private async readerOf({ data, from, name }: DataRight, request: GuardedRequest): Promise<Caller | null> {
    const id = textIn(request[from], name);
    const subject = id === null ? null : await this.register.find(data, id);
    if (subject !== null && isReleased(subject, new Date())) {
      mustBeThere(subject);
      // Everybody's: a token that is no good any more, such as an old mail's link, takes nothing away.
      return this.callers.of(request).catch(() => null);
    }
    const caller = await this.callers.of(request);
    if (caller === null) {
      throw new UnauthorizedException('This needs a token, or the link of the mail about the delivery');
    }
    if (!(await this.mayRead(caller, subject))) {
      throw new DomainError('not-found', 'auth.not-visible', 'There is no such thing, or you have no right to it');
    }
    mustBeThere(subject);
    return caller;
  }

  private async mayRead(caller: Caller, subject: DataSubject | null): Promise<boolean> {
    const { scopes, link } = caller;
    if (link !== null && (await this.register.isRevoked(link.id))) {
      throw new UnauthorizedException('The link has been revoked');
    }
    // Whoever may read everything is told what does not exist.
    if (scopes.includes('archive:read')) return true;
    return subject !== null && this.register.areOf(caller, subject);
  }
}

function textIn(holder: unknown, name: string): string | null {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return null;
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'string' && value.length <= 256 ? value : null;
}
