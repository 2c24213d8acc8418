import { problemSchema, type ServiceName } from '@almagest/contracts';
import type { INestApplication } from '@nestjs/common';
import { ApiResponse, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

/** Documents a route's error answers, all of them `application/problem+json`. */
export function ApiProblems(...statuses: number[]): MethodDecorator {
  return (target, key, descriptor) => {
    for (const status of statuses) {
      ApiResponse({
        status,
        description: PROBLEMS[status] ?? 'Error',
        content: { 'application/problem+json': { schema: PROBLEM } },
      })(target, key, descriptor);
    }
  };
}

const PROBLEMS: Record<number, string> = {
  400: 'The request is malformed; `violations` names everything wrong with it',
  401: 'No token or link, or one that is not known or does not hold any more',
  403: 'The token does not allow this',
  404: 'There is no such thing, it is not visible yet, or the caller has no right to it',
  409: 'What was posted contradicts what is recorded',
  410: 'It was there and has expired',
  413: 'The body is larger than this service takes',
  415: 'The body is not of a media type this service reads',
  416: 'No part of the requested range exists',
  507: 'There is no room for it now; try again later',
};

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-right'?: string };
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** The OpenAPI document of a service, made from its controllers and the contracts' schemas. */
export function openApiOf(app: INestApplication, service: { name: ServiceName; summary: string }): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle(`Almagest ${service.name}`)
    .setDescription(service.summary)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A service token or an OpenID Connect access token' })
    .addApiKey({ type: 'apiKey', in: 'query', name: 'link', description: 'What follows `link=` in a mail' }, 'link')
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, description);
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path) as unknown[])) {
    stateSecurity(operation as OperationObject);
  }
  const { $defs = {}, ...problem } = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' });
  const schemas = { ...document.components?.schemas, ...$defs, Problem: problem } as Schemas;
  document.components = { ...document.components, schemas };
  return document;
}

/** Says in OpenAPI's terms what `x-right` says; data may be everybody's. */
function stateSecurity(operation: OperationObject): void {
  const right = operation['x-right'];
  if (right === 'public') operation.security = [];
  else if (right?.startsWith('data of ')) operation.security = [{ bearer: [] }, { link: [] }, {}];
}
