import {
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { type Scope, ServiceTokens } from './service-tokens';

const RIGHT = 'almagest:right';

/** Marks a route as open to everybody: health, metrics, the API's own description. */
export const OpenToAll = (): CustomDecorator => SetMetadata(RIGHT, 'open');

/** States the scope a caller's token must hold for a route. A route that states nothing is refused to everybody. */
export const RequiresScope = (scope: Scope): CustomDecorator => SetMetadata(RIGHT, scope);

/** The one guard of every service: `Authorization: Bearer <service token>`. Messages from the bus pass. */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: ServiceTokens,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const right = this.reflector.getAllAndOverride<Scope | 'open' | undefined>(RIGHT, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (right === 'open') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new UnauthorizedException('A bearer service token is required');
    const caller = this.tokens.callerOf(token);
    if (caller === null) throw new UnauthorizedException('The bearer token is not known');
    if (right === undefined || !caller.scopes.includes(right)) {
      throw new ForbiddenException(`The token of "${caller.name}" does not allow this`);
    }
    return true;
  }
}
