import { jest } from '@jest/globals';

// No test is about the speed of the machine: this only ends one that hangs. (jest takes no timeout from a project's
// configuration, and its own five seconds are too few where forty processes wait for two processors.)
// An archive of separate services starts seven processes for one.
jest.setTimeout(process.env['TEST_ARCHIVE'] === 'separate' ? 360_000 : 120_000);
