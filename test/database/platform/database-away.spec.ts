import { createDataSource, LOGGER, ProblemFilter, ReadinessChecks, type Logger } from '@almagest/platform';
import { Controller, Get, Inject, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { quiet, TestDatabase } from '../../harness/test-database';
import { InterruptibleProxy } from '../../harness/interruptible-proxy';

@Controller()
class Reads {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(ReadinessChecks) private readonly readiness: ReadinessChecks,
  ) {}

  @Get('read')
  async read(): Promise<unknown> {
    return this.source.query('SELECT 1 AS one');
  }

  @Get('wrong')
  async wrong(): Promise<unknown> {
    return this.source.query('SELECT no_such_column');
  }

  @Get('ready')
  async ready(): Promise<unknown> {
    return this.readiness.run();
  }
}

@Module({})
class Root {}

describe('a service whose database is away', () => {
  let database: TestDatabase;
  let proxy: InterruptibleProxy;
  let source: DataSource;
  let app: INestApplication;
  let url: string;
  const log: { object: unknown; message: string }[] = [];
  const note = (object: unknown, message: string): void => void log.push({ object, message });
  const logger = Object.assign(Object.create(quiet) as Logger, { warn: note, error: note, info: note });

  beforeAll(async () => {
    database = await TestDatabase.create();
    proxy = await InterruptibleProxy.to(database.url);
    source = await createDataSource({ url: proxy.url, schema: 'catalogue', entities: [], migrations: [] }).initialize();
    app = await NestFactory.create(
      {
        module: Root,
        controllers: [Reads],
        providers: [ReadinessChecks, { provide: DataSource, useValue: source }, { provide: LOGGER, useValue: logger }],
      },
      { logger: false },
    );
    app.useGlobalFilters(new ProblemFilter(logger));
    app.get(ReadinessChecks).add('database', async () => void (await source.query('SELECT 1')));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await source.destroy();
    await proxy.close();
    await database.drop();
  });
  beforeEach(() => void log.splice(0));

  it('answers 503 with Retry-After, logs no stack, and answers again when the database is back', async () => {
    expect((await fetch(`${url}/read`)).status).toBe(200);
    proxy.interrupt();
    const away = await fetch(`${url}/read`);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
    const text = await away.text();
    expect(JSON.parse(text)).toMatchObject({ status: 503, code: 'platform.database-unavailable' });
    expect(text).not.toContain('127.0.0.1');
    expect(log.map(({ message }) => message)).toEqual(['request failed: platform.database-unavailable']);
    expect(Object.keys(log[0]?.object as object)).toEqual(['reason']);
    proxy.resume();
    expect((await fetch(`${url}/read`)).status).toBe(200);
  });

  it('answers 500 to a query that is wrong', async () => {
    expect((await fetch(`${url}/wrong`)).status).toBe(500);
  });

  it('shows strangers which check fails, not the address; the log has the reason once', async () => {
    proxy.interrupt();
    for (const _ of [1, 2]) {
      const answer = await (await fetch(`${url}/ready`)).json();
      expect(answer).toEqual({ ready: false, checks: { database: 'failed' } });
    }
    expect(log.map(({ message }) => message)).toEqual(['readiness check fails']);
    proxy.resume();
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ ready: true, checks: { database: 'ok' } });
  });
});
