import { jest } from '@jest/globals';

// A test waits for an archive that is started, killed or at work; every wait has a shorter limit of its own.
jest.setTimeout(120_000);
