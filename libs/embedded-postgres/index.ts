/** The PostgreSQL server that npm installs, run on a directory of its own; used by the standalone archive and by tests. */
export { EmbeddedPostgres } from './embedded-postgres';
export { EmbeddedPostgresError } from './embedded-postgres.error';
