import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Qa2Result } from '@almagest/contracts';
import { readConfig } from '@almagest/platform';
import { createService, listen, type RunningService, type ServiceDefinition } from '@almagest/service';
import { catalogue } from '../../../apps/catalogue/catalogue.module';
import { ingest } from '../../../apps/ingest/ingest.module';
import { intake } from '../../../apps/intake/intake.module';
import { quiet, TestDatabase } from '../../harness/test-database';

const EXAMPLES = resolve(__dirname, '../../../examples');
export const TOKENS = {
  everything: 'token-that-may-do-everything',
  reader: 'token-that-may-only-read-things',
};

/** Intake, ingest and catalogue running on a database and a directory store of their own. */
export class RunningArchive {
  private readonly services = new Map<string, { service: RunningService; url: string }>();

  private constructor(
    readonly db: TestDatabase,
    readonly home: string,
  ) {}

  static async start(): Promise<RunningArchive> {
    const archive = new RunningArchive(await TestDatabase.create(), await mkdtemp(join(tmpdir(), 'almagest-running-')));
    await writeFile(
      join(archive.home, 'tokens'),
      `all qa2:submit,archive:read,archive:operate ${TOKENS.everything}\nreader archive:read ${TOKENS.reader}\n`,
    );
    await writeFile(join(archive.home, 'link-keys'), 'k1 a-key-of-at-least-thirty-two-characters\n');
    for (const definition of [catalogue, intake, ingest]) await archive.run(definition);
    return archive;
  }

  /** Returns the path of an object's file. */
  path(key: string): string {
    return join(this.home, 'store', key);
  }

  async run<Definition extends ServiceDefinition>(definition: Definition): Promise<void> {
    const config = readConfig(definition.configSchema, {
      DATABASE_URL: this.db.url,
      SERVICE_TOKENS_FILE: join(this.home, 'tokens'),
      LINK_KEYS_FILE: join(this.home, 'link-keys'),
      OBJECT_STORE_DIRECTORY: join(this.home, 'store'),
      SOURCE_ROOTS: EXAMPLES,
      RECONCILE_GRACE_HOURS: '0',
    });
    const service = await createService(definition, config as Parameters<typeof createService>[1], quiet);
    const port = await listen(service.app, '127.0.0.1', 0);
    this.services.set(definition.name, { service, url: `http://127.0.0.1:${port}` });
  }

  async halt(name: string): Promise<void> {
    await this.services.get(name)?.service.app.close();
    this.services.delete(name);
  }

  async stop(): Promise<void> {
    for (const name of [...this.services.keys()]) await this.halt(name);
    await this.db.drop();
    await rm(this.home, { recursive: true, force: true });
  }

  async request(
    service: string,
    path: string,
    options: { method?: string; body?: unknown; token?: string | null; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { method = 'GET', body, token = TOKENS.everything, headers = {} } = options;
    return fetch(`${this.services.get(service)?.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async json<T>(service: string, path: string, options?: Parameters<RunningArchive['request']>[2]): Promise<T> {
    return (await (await this.request(service, path, options)).json()) as T;
  }

  /** Posts an example and waits until the catalogue has its delivery; returns the delivery's id. */
  async deliver(example: string): Promise<string> {
    const result = JSON.parse(await readFile(join(EXAMPLES, example), 'utf8')) as Qa2Result;
    for (const part of result.parts ?? []) part.location = pathToFileURL(join(EXAMPLES, part.location)).href;
    for (const { asdm } of result.executionBlocks) asdm.location = pathToFileURL(join(EXAMPLES, asdm.location)).href;
    const { id } = await this.json<{ id: string }>('intake', '/qa2-results', { method: 'POST', body: result });
    await until(async () => (await this.request('catalogue', `/deliveries/${id}`)).status === 200);
    return id;
  }

  /** Requests a run of upkeep and waits until it is done; returns its path. */
  async upkeep(kind: 'scrubs' | 'reconciliations' | 'rebuilds', body?: unknown): Promise<string> {
    const response = await this.request('catalogue', `/upkeep/${kind}`, { method: 'POST', body });
    if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
    const path = response.headers.get('location') ?? '';
    await until(async () => (await this.json<{ state: string }>('catalogue', path)).state === 'done');
    return path;
  }
}

/** Resolves when the condition holds. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(25);
}
