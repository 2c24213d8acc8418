import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, type OpenAPIObject } from '@nestjs/swagger';
import type { Scope } from './caller';

/**
 * What identifies the requested data: the id of a delivery, the uid of an ObsUnitSet, the id of a raw data request, or the
 * name of a file, which may mean the data of several deliveries.
 */
export type DataKind = 'delivery' | 'ous' | 'raw-request' | 'name';

/** Kinds whose routes also take a token as the password of Basic authentication, as the clients of the observatory send it. */
export const BASIC_KINDS: readonly DataKind[] = ['name'];

/** What a client may send instead, where a route takes both. */
export const CHALLENGES: readonly string[] = ['Bearer realm="almagest"', 'Basic realm="almagest", charset="UTF-8"'];

/** Data that are public once released; before, only those who may read the project's data may read them. */
export interface DataRight {
  readonly data: DataKind;
  /** Where the request holds the id: in a parameter of the path, or in a member of the JSON body. */
  readonly from: 'params' | 'body';
  readonly name: string;
}

/** `public`: everybody; a scope: holders of a token with that scope; else the readers of a project's data (ADR 20). */
export type RequiredRight = 'public' | Scope | DataRight;

export const RIGHT = 'almagest:right';

/** States who may use a route. The guard refuses a route without it, and a test reports such a route. */
export function Right(required: RequiredRight): ClassDecorator & MethodDecorator {
  const documented = typeof required === 'string' ? required : `data of ${required.data}`;
  return applyDecorators(SetMetadata(RIGHT, required), ApiExtension('x-right', documented));
}

/** The right to the data whose id the request gives as `name`. */
export function dataOf(data: DataKind, name: string, from: DataRight['from'] = 'params'): DataRight {
  return { data, from, name };
}

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-right'?: string };

/** Adds to each operation the OpenAPI `security` that its `x-right` means; data may be public. */
export function documentSecurity(document: OpenAPIObject): void {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as OperationObject[]);
  for (const operation of operations) {
    const right = operation['x-right'];
    if (right === 'public') operation.security = [];
    else if (right?.startsWith('data of ')) {
      const basic = BASIC_KINDS.some((kind) => right === `data of ${kind}`) ? [{ basic: [] }] : [];
      operation.security = [{ bearer: [] }, { link: [] }, ...basic, {}];
    }
  }
}
