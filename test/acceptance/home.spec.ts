import { chmod, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpointSchema } from '@almagest/contracts';
import { z } from 'zod';
import { freePort } from '../harness/free-port.mjs';
import { waitFor } from '../harness/wait-for';
import { UNCONDITIONAL } from './harness/archive-client';
import { CommandLine } from './harness/command-line';
import { isAlive, postgresOf, stopPostgres } from './harness/embedded-server';

const parametersSchema = z.array(
  z.object({
    in: z.string(),
    name: z.string(),
    required: z.boolean().optional(),
    example: z.string().optional(),
  }),
);
const operationSchema = z.object({
  parameters: parametersSchema.default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ example: z.unknown() })) }).optional(),
});
const openApiSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });

// `almagest up` as a user runs it, on every engine: what these tests are about is its home.
describe('the home of a standalone archive', () => {
  let directory: string;
  let home: string;
  let url: string;
  let up: CommandLine;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almagest-acceptance-'));
    // PostgreSQL runs as another user when root runs the tests.
    await chmod(directory, 0o755);
    home = join(directory, 'home');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    up = begin(port);
  });
  afterAll(async () => {
    up.kill('SIGTERM');
    await up.ended;
    await stopPostgres(home);
    await rm(directory, { recursive: true, force: true });
  });

  const begin = (port: number | string): CommandLine =>
    CommandLine.begin('up', '--home', home, '--port', String(port), '--source', directory);
  const port = (): string => new URL(url).port;
  const ready = (): Promise<number | null> =>
    fetch(`${url}/health/ready`).then(
      ({ status }) => status,
      () => null,
    );
  const isReady = async (): Promise<boolean> => (await ready()) === 200;
  /** Kills the archive's process, as a power cut does. */
  const killArchive = async (): Promise<void> => {
    const { pid } = endpointSchema.parse(JSON.parse(await readFile(join(home, 'endpoint.json'), 'utf8')));
    process.kill(pid, 'SIGKILL');
    await up.ended;
  };

  it('answers every request with 503 until the archive is ready', async () => {
    const early = await waitFor('an answer', () => fetch(`${url}/projects`).catch(() => null));
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await early.json()).toMatchObject({ status: 503, code: 'standalone.starting' });
    const live = await fetch(`${url}/health/live`);
    expect(live.status).toBe(200);
    await waitFor('the archive to be ready', isReady);
    expect((await fetch(`${url}/projects`)).status).toBe(200);
  });

  it('lets no other user read what is stored', async () => {
    for (const name of ['store', 'staging', 'mail']) {
      expect([name, (await stat(join(home, name))).mode & 0o777]).toEqual([name, 0o700]);
    }
    for (const name of ['service-tokens', 'link-keys', 'postgres-password', 'lock']) {
      expect([name, (await stat(join(home, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('keeps running when a second archive is refused', async () => {
    const second = await CommandLine.run('up', '--home', home, '--port', '0');
    expect(second).toMatchObject({ exitCode: 1, stdout: '' });
    expect(second.stderr).toContain(`an archive is already running on ${home} (process `);
    expect(second.stderr).toContain(url);
    expect((await fetch(`${url}/projects`)).status).toBe(200);
  });

  it('starts after a power cut, although another process has got the process id of PostgreSQL', async () => {
    const server = await postgresOf(home);
    process.kill(server?.pid ?? 0, 'SIGSTOP');
    await killArchive();
    process.kill(server?.pid ?? 0, 'SIGKILL');
    await waitFor('PostgreSQL to end', async () => !isAlive(server?.pid ?? 0));
    const lockFile = join(home, 'postgres', 'postmaster.pid');
    const [, ...others] = (await readFile(lockFile, 'utf8')).split('\n');
    await writeFile(lockFile, [process.pid, ...others].join('\n'));
    up = begin(port());
    await waitFor('the archive to be ready', isReady);
  });

  it('answers 503 on every route while PostgreSQL is away, and starts it again', async () => {
    const paths = openApiSchema.parse(await (await fetch(`${url}/openapi.json`)).json()).paths;
    const before = await postgresOf(home);
    const settings = join(home, 'postgres', 'postgresql.conf');
    // Without its settings PostgreSQL does not start.
    await rename(settings, `${settings}.away`);
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await waitFor('PostgreSQL to be away', async () => (await fetch(`${url}/projects`)).status === 503);
    const [, , token = ''] =
      (await readFile(join(home, 'service-tokens'), 'utf8')).trim().split('\n').pop()?.split(' ') ?? [];
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { parameters, requestBody }] of Object.entries(operations)) {
        const [[type = 'application/json', content] = []] = Object.entries(requestBody?.content ?? {});
        const answer = await fetch(`${url}${withExamples(path, parameters)}`, {
          method: method.toUpperCase(),
          headers: { authorization: `Bearer ${token}`, 'content-type': type },
          ...(content === undefined ? {} : { body: bodyOf(type, content.example) }),
        });
        const text = await answer.text();
        const found = [path, answer.status, answer.headers.get('retry-after')];
        if (UNCONDITIONAL.test(path)) {
          expect(found).toEqual([path, 200, null]);
        } else if (path === '/mails/bounces') {
          // What is no bounce is refused without a look into the database.
          expect([...found, text]).toEqual([path, 400, null, expect.stringContaining('notifier.bounce-unreadable')]);
        } else if (/^\/(?:oai|registry\/.*)$/.test(path)) {
          // The registry of this archive is not configured.
          expect([...found, text]).toEqual([path, 404, null, expect.stringContaining('search.registry-off')]);
        } else {
          const reason = text.startsWith('{') ? 'platform.database-unavailable' : 'The database is not available';
          expect([...found, text]).toEqual([path, 503, '5', expect.stringContaining(reason)]);
        }
      }
    }
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const state = await (await fetch(`${url}/health/ready`)).text();
    expect(state).toContain('"database":"failed"');
    expect(state).not.toContain('127.0.0.1');
    await rename(`${settings}.away`, settings);
    await waitFor('the archive to be ready again', isReady);
    expect((await postgresOf(home))?.pid).not.toBe(before?.pid);
    expect((await fetch(`${url}/projects`)).status).toBe(200);
  });

  it('runs while the disk of its log is full, and counts the lines that are missing', async () => {
    await killArchive();
    await rm(join(home, 'almagest.log'));
    await symlink('/dev/full', join(home, 'almagest.log'));
    up = begin(port());
    await waitFor('the archive to be ready', isReady);
    process.kill((await postgresOf(home))?.pid ?? 0, 'SIGKILL');
    const dropped = /^almagest_log_lines_dropped_total [1-9]/m;
    await waitFor('lines to be dropped', async () => dropped.test(await (await fetch(`${url}/metrics`)).text()));
    await waitFor('the archive to be ready again', isReady);
    expect((await fetch(`${url}/projects`)).status).toBe(200);
  });

  it('uses the PostgreSQL that a killed archive has left behind', async () => {
    const server = await postgresOf(home);
    await killArchive();
    up = begin(port());
    await waitFor('the archive to be ready', isReady);
    expect((await postgresOf(home))?.pid).toBe(server?.pid);
  });

  it('refuses data without their password, and leaves them as they are', async () => {
    up.kill('SIGTERM');
    expect(await up.ended).toMatchObject({ exitCode: 0 });
    const password = join(home, 'postgres-password');
    await rename(password, `${password}.away`);
    const refused = await CommandLine.run('up', '--home', home, '--port', '0');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(`${join(home, 'postgres')} contains the database of an archive on ${home}`);
    expect((await stat(join(home, 'postgres', 'PG_VERSION'))).isFile()).toBe(true);
    await rename(`${password}.away`, password);
  });

  it.each(['/proc/nope', '/proc/nope/home'])('ends with 4 on a home that cannot be written: %s', async (unusable) => {
    const refused = await CommandLine.run('up', '--home', unusable, '--port', '0');
    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr).toBe(`almagest: cannot write ${unusable}: no such file or directory\n`);
  });
});

/** Replaces the parameters of a path with their examples. */
function withExamples(path: string, parameters: z.infer<typeof parametersSchema>): string {
  const filled = parameters.reduce(
    (url, { name, example }) => url.replace(`{${name}}`, encodeURIComponent(example ?? '')),
    path,
  );
  const inQuery = parameters.flatMap(({ name, in: place, required, example }) =>
    place === 'query' && required === true && example !== undefined ? [[name, example] as [string, string]] : [],
  );
  return inQuery.length === 0 ? filled : `${filled}?${new URLSearchParams(inQuery).toString()}`;
}

function bodyOf(type: string, example: unknown): string | URLSearchParams {
  return type === 'application/x-www-form-urlencoded'
    ? new URLSearchParams(example as Record<string, string>)
    : JSON.stringify(example);
}
