import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Scope } from './caller';

/** What data can be asked for by: a delivery's id, the uid of an ObsUnitSet, the id of a request for raw data. */
export type DataKind = 'delivery' | 'ous' | 'raw-request';

/** Readable by everybody once released; before that by whoever may read the project's data. */
export interface DataRight {
  readonly data: DataKind;
  /** Where the request says which: a parameter of the path, or a member of the JSON body. */
  readonly from: 'params' | 'body';
  readonly name: string;
}

/** `public`: everybody; a scope: whose token holds it; else the data of a project (docs/adr/0020). */
export type RightNeeded = 'public' | Scope | DataRight;

export const RIGHT = 'almagest:right';

/** States who may use a route. The guard refuses a route that states nothing, and a test names it. */
export function Right(needed: RightNeeded): ClassDecorator & MethodDecorator {
  const documented = typeof needed === 'string' ? needed : `data of ${needed.data}`;
  return applyDecorators(SetMetadata(RIGHT, needed), ApiExtension('x-right', documented));
}

/** The right to the data that a request names by `name`. */
export function dataOf(data: DataKind, name: string, from: DataRight['from'] = 'params'): DataRight {
  return { data, from, name };
}
