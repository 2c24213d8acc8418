import 'reflect-metadata';
import { RIGHT, type RequiredRight } from '@almagest/access';
import { SERVICES } from '@almagest/contracts';
import { previewService, type ServiceDefinition } from '@almagest/service';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { catalogue } from '../catalogue/catalogue.module';
import { ingest } from '../ingest/ingest.module';
import { intake } from '../intake/intake.module';
import { notifier } from '../notifier/notifier.module';
import { requestHandler } from '../request-handler/request-handler.module';
import { search } from '../search/search.module';

/** The routes of every service. */
const COMMON = { 'GET /health/live': 'public', 'GET /health/ready': 'public', 'GET /metrics': 'public' };

/**
 * Who may use which route (docs/adr/0020). A new route, or a changed right, fails this test until it is listed here.
 */
const RIGHTS: Record<string, Record<string, string>> = {
  intake: {
    ...COMMON,
    'GET /qa2-results': 'archive:read',
    'GET /qa2-results/:id': 'archive:read',
    'POST /qa2-results': 'qa2:submit',
  },
  ingest: COMMON,
  catalogue: {
    ...COMMON,
    'DELETE /links/:id': 'archive:operate',
    'GET /dataPortal/*path': 'data of name by params.path',
    'GET /deliveries/:id': 'public',
    'GET /deliveries/:id/download.sh': 'data of delivery by params.id',
    'GET /deliveries/:id/files': 'data of delivery by params.id',
    'GET /deliveries/:id/files/*path': 'data of delivery by params.id',
    'GET /deliveries/:id/parts/:name': 'data of delivery by params.id',
    'GET /deliveries/:id/parts/:name/link': 'data of delivery by params.id',
    'GET /deliveries/:id/report': 'data of delivery by params.id',
    'GET /ous/:uid': 'public',
    'GET /ous/:uid/deliveries': 'public',
    'GET /projects': 'public',
    'GET /projects/:code': 'public',
    'GET /projects/:code/metadata': 'public',
    'GET /projects/:code/metadata/history': 'archive:read',
    'GET /upkeep/dead-letters': 'archive:operate',
    'GET /upkeep/dead-letters/:id': 'archive:operate',
    'GET /upkeep/rebuilds': 'archive:operate',
    'GET /upkeep/rebuilds/:id': 'archive:operate',
    'GET /upkeep/reconciliations': 'archive:operate',
    'GET /upkeep/reconciliations/:id': 'archive:operate',
    'GET /upkeep/scrubs': 'archive:operate',
    'GET /upkeep/scrubs/:id': 'archive:operate',
    'POST /deliveries/:id/links': 'archive:operate',
    'POST /upkeep/dead-letters/:id/discard': 'archive:operate',
    'POST /upkeep/dead-letters/:id/replay': 'archive:operate',
    'POST /upkeep/rebuilds': 'archive:operate',
    'POST /upkeep/reconciliations': 'archive:operate',
    'POST /upkeep/scrubs': 'archive:operate',
    'PUT /projects/:code/metadata': 'qa2:submit',
  },
  notifier: {
    ...COMMON,
    'GET /mails': 'archive:operate',
    'GET /mails/:id': 'archive:operate',
    'POST /mails/bounces': 'archive:operate',
  },
  'request-handler': {
    ...COMMON,
    'GET /ous/:uid/asdms': 'public',
    'GET /raw-requests': 'archive:read',
    'GET /raw-requests/:id': 'data of raw-request by params.id',
    'GET /raw-requests/:id/download.sh': 'data of raw-request by params.id',
    'GET /raw-requests/:id/files/:name': 'data of raw-request by params.id',
    'POST /raw-requests': 'data of ous by body.ous',
    'POST /raw-requests/:id/retry': 'data of raw-request by params.id',
  },
  search: {
    ...COMMON,
    'DELETE /tap/async/:id': 'public',
    'GET /changes': 'public',
    'GET /moc': 'public',
    'GET /oai': 'public',
    'GET /registry/:record': 'public',
    'GET /datalink/availability': 'public',
    'GET /datalink/capabilities': 'public',
    'GET /datalink/sync': 'public',
    'POST /datalink/sync': 'public',
    'GET /scs/availability': 'public',
    'GET /scs/capabilities': 'public',
    'GET /scs/query': 'public',
    'GET /sia2/availability': 'public',
    'GET /sia2/capabilities': 'public',
    'GET /sia2/query': 'public',
    'GET /tap/async': 'public',
    'GET /tap/async/:id': 'public',
    'GET /tap/async/:id/destruction': 'public',
    'GET /tap/async/:id/error': 'public',
    'GET /tap/async/:id/executionduration': 'public',
    'GET /tap/async/:id/owner': 'public',
    'GET /tap/async/:id/parameters': 'public',
    'GET /tap/async/:id/phase': 'public',
    'GET /tap/async/:id/quote': 'public',
    'GET /tap/async/:id/results': 'public',
    'GET /tap/async/:id/results/result': 'public',
    'GET /soda/availability': 'public',
    'GET /soda/capabilities': 'public',
    'GET /soda/sync': 'public',
    'GET /tap/availability': 'public',
    'GET /tap/capabilities': 'public',
    'GET /tap/examples': 'public',
    'GET /tap/sync': 'public',
    'GET /tap/tables': 'public',
    'GET /tap/tables/:name': 'public',
    'GET /upkeep/search-rebuilds/:id': 'archive:operate',
    'POST /oai': 'public',
    'POST /scs/query': 'public',
    'POST /sia2/query': 'public',
    'POST /tap/async': 'public',
    'POST /tap/async/:id': 'public',
    'POST /tap/async/:id/destruction': 'public',
    'POST /tap/async/:id/executionduration': 'public',
    'POST /tap/async/:id/parameters': 'public',
    'POST /tap/async/:id/phase': 'public',
    'POST /soda/sync': 'public',
    'POST /tap/sync': 'public',
    'POST /upkeep/search-rebuilds': 'archive:operate',
  },
};

describe('rights', () => {
  it('are listed for every service', () => {
    expect(Object.keys(RIGHTS)).toEqual(SERVICES);
  });

  it.each(
    [intake, ingest, catalogue, notifier, requestHandler, search].map((service) => [service.name, service] as const),
  )('are required for every route of %s', async (name, definition) => {
    expect(await rightsOf(definition as ServiceDefinition)).toEqual(RIGHTS[name]);
  });
});

/** Returns the right of every route that Nest knows, by `METHOD /path`. */
async function rightsOf(definition: ServiceDefinition): Promise<Record<string, string>> {
  const app = await previewService(definition);
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype as new () => object),
  );
  return Object.fromEntries(
    controllers.flatMap((controller) =>
      handlersOf(controller).map(({ route, handler }) => {
        const right = (Reflect.getMetadata(RIGHT, handler) ?? Reflect.getMetadata(RIGHT, controller)) as
          RequiredRight | undefined;
        return [route, describeRight(right)];
      }),
    ),
  );
}

function handlersOf(controller: new () => object): { route: string; handler: object }[] {
  const members = Object.values(Object.getOwnPropertyDescriptors(controller.prototype)) as { value?: unknown }[];
  return members.flatMap(({ value: handler }) => {
    if (typeof handler !== 'function') return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    // A message handler has no HTTP method.
    if (method === undefined) return [];
    const path = [
      Reflect.getMetadata(PATH_METADATA, controller),
      Reflect.getMetadata(PATH_METADATA, handler),
    ] as string[];
    const joined = path
      .join('/')
      .replaceAll(/\/{2,}|^(?!\/)/g, '/')
      .replace(/(?<=.)\/$/, '');
    return [{ route: `${RequestMethod[method]} ${joined}`, handler }];
  });
}

function describeRight(right: RequiredRight | undefined): string {
  if (right === undefined) return 'NOT STATED';
  return typeof right === 'string' ? right : `data of ${right.data} by ${right.from}.${right.name}`;
}
