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
  401: 'No bearer token, or one that is not known',
  403: 'The token does not allow this',
  404: 'There is no such thing, or it is not visible yet',
  409: 'What was posted contradicts what is recorded',
  413: 'The body is larger than this service takes',
  415: 'The body is not of a media type this service reads',
  416: 'No part of the requested range exists',
};

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** The OpenAPI document of a service, made from its controllers and the contracts' schemas. */
export function openApiOf(app: INestApplication, service: { name: ServiceName; summary: string }): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle(`Almagest ${service.name}`)
    .setDescription(service.summary)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A service token' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, description);
  const { $defs = {}, ...problem } = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' });
  const schemas = { ...document.components?.schemas, ...$defs, Problem: problem } as Schemas;
  document.components = { ...document.components, schemas };
  return document;
}
