import { jest } from '@jest/globals';

// No test is about the speed of the machine: this only ends one that hangs. (jest takes no timeout from a project's
// configuration, and its own five seconds are too few where forty processes wait for two processors.)
jest.setTimeout(120_000);
