import { dirname, join } from 'node:path';
import { asyncApiDocument } from '@almagest/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type RequestHandler, Router } from 'express';
import { eventsPage, page } from './documentation-pages';

/** The files of Swagger UI that the page loads, all from this server. */
const SWAGGER_UI = dirname(require.resolve('swagger-ui-dist/package.json'));
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;
/** Swagger UI sets styles and shows images from `data:` URLs; nothing comes from, or goes to, another server. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ROUTES_PAGE = page(
  'Almagest: routes',
  `<link rel="stylesheet" href="/docs/swagger-ui.css">`,
  `<p><a href="/openapi.json">openapi.json</a> | <a href="/docs/events">events</a></p>
<div id="routes"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>`,
);

/** Without `validatorUrl: null`, Swagger UI sends the address of the document to a server on the internet. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#routes', deepLinking: true, validatorUrl: null });
`;

/**
 * Returns the routes of the documentation for people, `/docs` and `/docs/events`, and for programs, `/openapi.json` and
 * `/asyncapi.json`. Everybody may read it.
 */
export function documentationRoutes(openApi: OpenAPIObject): { paths: string[]; router: Router } {
  const asyncApi = asyncApiDocument();
  const events = eventsPage(asyncApi);
  const routes: Record<string, RequestHandler> = {
    '/openapi.json': (_request, response) => void response.json(openApi),
    '/asyncapi.json': (_request, response) => void response.json(asyncApi),
    '/docs': (_request, response) => void response.type('html').send(ROUTES_PAGE),
    '/docs/events': (_request, response) => void response.type('html').send(events),
    '/docs/start.js': (_request, response) => void response.type('js').send(START),
  };
  for (const asset of ASSETS) {
    routes[`/docs/${asset}`] = (_request, response) => response.sendFile(join(SWAGGER_UI, asset));
  }
  const router = Router();
  router.use('/docs', (_request, response, next) => {
    response.set({ 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  for (const [path, handler] of Object.entries(routes)) router.get(path, handler);
  return { paths: Object.keys(routes), router };
}
