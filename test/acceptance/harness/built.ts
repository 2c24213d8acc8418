import { join } from 'node:path';

export const REPOSITORY = join(__dirname, '../../..');

/** The standalone archive built by `npm run build`. */
export const BUILT = join(REPOSITORY, 'dist/apps/standalone/main.js');

/** The template database on the server of the test run: the databases of archives are copies of it. */
export const TEMPLATE = 'almagest_archive';

/**
 * The engines that the suite runs on. `standalone`: one process on the embedded engines. `separate`: each service in a
 * separate process on the real engines, which `test/engines/run.mjs` starts.
 */
export const IS_SEPARATE = process.env['TEST_ARCHIVE'] === 'separate';
