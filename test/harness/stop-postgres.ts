import { stopPostgres } from './start-postgres';

/** jest's globalTeardown: stops the server that `start-postgres.ts` started. */
export default stopPostgres;
