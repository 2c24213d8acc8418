import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** What a service token, or an access token of the observatory's staff, allows. */
export const SCOPES = ['qa2:submit', 'archive:read', 'archive:operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whoever asks, as far as the archive can tell. */
export interface Caller {
  /** `service:<name>`, `person:<sub>` or `link:<id>`: the same caller always has the same one. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Codes of the projects whose proprietary data the caller may read. */
  readonly projects: readonly string[];
  /** The link of a mail the caller came by, and the one delivery it is bound to. */
  readonly link: { readonly id: string; readonly delivery: string } | null;
}

/** A request once the guard let it pass. */
export interface GuardedRequest extends Request {
  /** Null: nobody in particular. */
  caller?: Caller | null;
}

/** Gives a route's handler its caller; null for nobody in particular. */
export const CurrentCaller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller | null =>
    context.switchToHttp().getRequest<GuardedRequest>().caller ?? null,
);
