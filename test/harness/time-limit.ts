import { jest } from '@jest/globals';
import { TIME_LIMIT_FACTOR } from './wait-for';

// This limit only ends a test that hangs: no test measures the speed of the machine. jest does not read a time-out from
// a project's configuration, and its default of 5 seconds is too short when forty processes share two processors.
// An archive of separate services starts seven processes instead of one.
const LIMIT_MS = process.env['TEST_ARCHIVE'] === 'separate' ? 360_000 : 240_000;

jest.setTimeout(LIMIT_MS * TIME_LIMIT_FACTOR);
