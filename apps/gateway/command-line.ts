import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, INERT } from '@almagest/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type Response, Router } from 'express';

/** The command line in one file, made by the build (tools/bundle.mjs). */
const FILE = join(__dirname, '../../almagest.cjs');

interface Program {
  bytes: Buffer;
  sha256: Buffer;
}

const HEADERS = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache', ...INERT };

/**
 * Returns the routes from which everybody gets the command line for this archive: `/almagest`, one file that needs nothing
 * but Node, and `/almagest.sha256`, which `sha256sum -c` reads.
 */
export function commandLineRoutes(): Router {
  let program: Promise<Program> | null = null;
  // Read once, when somebody asks for it.
  const read = (): Promise<Program> => (program ??= readProgram());
  const router = Router();
  router.get('/almagest', async (_request, response) => {
    const { bytes, sha256 } = await read();
    response.set('Repr-Digest', `sha-256=:${sha256.toString('base64')}:`);
    send(response, 'almagest', bytes, sha256.toString('hex'));
  });
  router.get('/almagest.sha256', async (_request, response) => {
    const digest = (await read()).sha256.toString('hex');
    send(response, 'almagest.sha256', Buffer.from(`${digest}  almagest\n`), `${digest}-sha256`);
  });
  return router;
}

/** Sends a file; express answers HEAD, and 304 to those that have it already. */
function send(response: Response, fileName: string, bytes: Buffer, etag: string): void {
  response.attachment(fileName).set(HEADERS).set('ETag', `"${etag}"`).send(bytes);
}

async function readProgram(): Promise<Program> {
  const bytes = await readFile(FILE).catch((cause: unknown) => {
    const message = 'This archive was built without its command line';
    throw new DomainError('not-found', 'gateway.no-command-line', message, {}, { cause });
  });
  return { bytes, sha256: createHash('sha256').update(bytes).digest() };
}

const download = (summary: string, description: string): object => ({
  get: {
    summary,
    tags: ['Command line'],
    'x-right': 'public',
    security: [],
    responses: {
      200: { description, content: { 'text/plain': { schema: { type: 'string' } } } },
      304: { description: 'The client has the current content' },
      404: {
        description: 'The archive was built without it',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  },
});

/** The paths of these routes, for the OpenAPI document of the archive. */
export const COMMAND_LINE_PATHS = {
  '/almagest': download(
    'Download the command `almagest`: one file that needs nothing but Node; GET and HEAD, public',
    'The program, with its SHA-256 in `Repr-Digest`',
  ),
  '/almagest.sha256': download(
    'Get the SHA-256 of the command `almagest`, in the form that `sha256sum -c` reads',
    'A line: the SHA-256 in hexadecimal, two blanks, `almagest`',
  ),
} satisfies OpenAPIObject['paths'];
