import 'reflect-metadata';
import {
  asyncApiDocument,
  bounceSchema,
  deliveryLinkRequestSchema,
  projectMetadataSchema,
  rawRequestSchema,
  readQa2Result,
  reconciliationRequestSchema,
} from '@almagest/contracts';
import { BODY_EXAMPLES, describeService, type ServiceDefinition } from '@almagest/service';
import type { OpenAPIObject } from '@nestjs/swagger';
import { catalogue } from '../catalogue/catalogue.module';
import { mergedOpenApi } from '../gateway/gateway';
import { ingest } from '../ingest/ingest.module';
import { intake } from '../intake/intake.module';
import { notifier } from '../notifier/notifier.module';
import { requestHandler } from '../request-handler/request-handler.module';
import { search } from '../search/search.module';

const SERVICES: readonly ServiceDefinition[] = [intake, ingest, catalogue, notifier, requestHandler, search];

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Returns the references of a document that lead nowhere in it. */
function unresolved(document: object): string[] {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  return references.filter((path) => {
    let value: unknown = document;
    for (const step of path.split('/')) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
    }
    return value === undefined;
  });
}

describe('the documents of the interfaces', () => {
  let documents: OpenAPIObject[];

  beforeAll(async () => {
    documents = await Promise.all(SERVICES.map((service) => describeService(service)));
    documents.push(mergedOpenApi(documents));
  });

  it('resolve every reference', () => {
    for (const document of [...documents, asyncApiDocument()]) expect(unresolved(document)).toEqual([]);
  });

  it('state the licence and a server', () => {
    for (const { info, servers } of documents) {
      expect(info.license).toEqual({ name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' });
      expect(servers).toMatchObject([{ url: '/' }]);
    }
  });

  it('give an example of every request body and every parameter of a path', () => {
    const paths = documents.flatMap((document) => Object.values(document.paths));
    const operations = paths.flatMap((path) => Object.values(path) as Operation[]);
    expect(operations.length).toBeGreaterThan(20);
    for (const { operationId, parameters = [], requestBody } of operations) {
      const body = requestBody as { content: Record<string, object> } | undefined;
      const places = [
        ...parameters.filter((parameter) => 'in' in parameter && parameter.in === 'path'),
        ...Object.values(body?.content ?? {}),
      ];
      expect(places.map((place) => [operationId, 'example' in place])).toEqual(places.map(() => [operationId, true]));
    }
  });

  it('give only examples that the archive accepts', () => {
    expect(readQa2Result(BODY_EXAMPLES['Qa2Result'])).toMatchObject({ ok: true });
    const schemas = {
      ProjectMetadata: projectMetadataSchema,
      RawRequest: rawRequestSchema,
      DeliveryLinkRequest: deliveryLinkRequestSchema,
      ReconciliationRequest: reconciliationRequestSchema,
      Bounce: bounceSchema,
    };
    for (const [name, schema] of Object.entries(schemas)) {
      expect([name, schema.safeParse(BODY_EXAMPLES[name]).success]).toEqual([name, true]);
    }
    expect(Object.keys(BODY_EXAMPLES).sort()).toEqual(['Qa2Result', ...Object.keys(schemas)].sort());
  });
});
