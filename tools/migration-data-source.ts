import 'reflect-metadata';
import { createDataSource } from '@almagest/platform';
import type { DataSource } from 'typeorm';
import { SCHEMAS } from './schemas';

/** The DataSource for TypeORM's command line: the schema `SCHEMA` at `DATABASE_URL`. */
export default (async (): Promise<DataSource> => {
  const wanted = SCHEMAS.find(({ schema }) => schema === process.env['SCHEMA']);
  if (wanted === undefined) throw new Error(`set SCHEMA to one of ${SCHEMAS.map(({ schema }) => schema).join(', ')}`);
  const dataSource = createDataSource({ url: process.env['DATABASE_URL'] ?? '', ...wanted });
  await dataSource.initialize();
  await dataSource.query(`CREATE SCHEMA IF NOT EXISTS "${wanted.schema}"`);
  await dataSource.destroy();
  return dataSource;
})();
