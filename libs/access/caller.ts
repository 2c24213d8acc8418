import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** What a service token, or an access token of the observatory's staff, allows. */
export const SCOPES = ['qa2:submit', 'archive:read', 'archive:operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** The identified sender of a request. */
export interface Caller {
  /** `service:<name>`, `person:<sub>` or `link:<id>`; stable over requests. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Codes of the projects whose proprietary data the caller may read. */
  readonly projects: readonly string[];
  /** The mail link that identified the caller, and the one delivery it is bound to. */
  readonly link: { readonly id: string; readonly delivery: string } | null;
}

/** A request that the guard has admitted. */
export interface GuardedRequest extends Request {
  /** Null for an anonymous caller. */
  caller?: Caller | null;
}

/** Injects the caller into a route's handler; null for an anonymous caller. */
export const CurrentCaller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller | null =>
    context.switchToHttp().getRequest<GuardedRequest>().caller ?? null,
);
