import { jest } from '@jest/globals';
import { PATIENCE } from './wait-for';

// No test is about the speed of the machine: this limit only ends one that hangs. jest reads no time-out from the
// configuration of a project, and its own five seconds are too short where forty processes share two processors.
// An archive of separate services starts seven processes instead of one.
const LIMIT_MS = process.env['TEST_ARCHIVE'] === 'separate' ? 360_000 : 240_000;

jest.setTimeout(LIMIT_MS * PATIENCE);
