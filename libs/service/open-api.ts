import { documentSecurity } from '@almagest/access';
import { problemSchema, type ServiceName } from '@almagest/contracts';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Returns the OpenAPI document of a service, made from its controllers and the schemas of the contracts. */
export function openApiOf(app: INestApplication, service: { name: ServiceName; summary: string }): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle(`Almagest ${service.name}`)
    .setDescription(service.summary)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A service token or an OpenID Connect access token' })
    .addApiKey({ type: 'apiKey', in: 'query', name: 'link', description: 'The part after `link=` in a mail' }, 'link')
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, description);
  documentSecurity(document);
  const { $defs = {}, ...problem } = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' });
  const schemas = { ...document.components?.schemas, ...$defs, Problem: problem } as Schemas;
  document.components = { ...document.components, schemas };
  return document;
}
