import { documentSecurity } from '@almagest/access';
import { LICENCE, problemSchema, schemaWithComponents, type ServiceName } from '@almagest/contracts';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { addExamples } from './open-api-examples';

/** Returns the OpenAPI document of a service, made from its controllers and the schemas of the contracts. */
export function openApiOf(app: INestApplication, service: { name: ServiceName; summary: string }): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle(`Almagest ${service.name}`)
    .setDescription(service.summary)
    .setVersion('1')
    .setLicense(LICENCE.name, LICENCE.url)
    .addServer('/', 'The archive that serves this document')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A service token or an OpenID Connect access token' })
    .addApiKey({ type: 'apiKey', in: 'query', name: 'link', description: 'The part after `link=` in a mail' }, 'link')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'A token, or the secret of a mail link, as password' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, description);
  documentSecurity(document);
  const { components } = schemaWithComponents(problemSchema, 'openapi-3.0');
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...components } };
  addExamples(document);
  return document;
}
