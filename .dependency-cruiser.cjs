/** The layout of the archive, held: imports point downwards only (docs/adr/0002). */
const PURE = '^libs/(ous|tar|fits|text|delivery|contracts|retry)/';
const TEST_CODE = '(\\.spec\\.ts$|/testing/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'libs-do-not-know-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-app-imports-another',
      comment: 'standalone alone puts the services together',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: `^apps/standalone/|${TEST_CODE}` },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nobody-imports-standalone',
      severity: 'error',
      from: { path: '^apps/', pathNot: '^apps/standalone/' },
      to: { path: '^apps/standalone/' },
    },
    {
      name: 'pure-libs-import-pure-libs-only',
      severity: 'error',
      from: { path: PURE, pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: PURE },
    },
    {
      name: 'pure-libs-touch-no-framework-and-no-client',
      severity: 'error',
      from: { path: PURE, pathNot: TEST_CODE },
      to: { path: 'node_modules/(@nestjs|typeorm|pg|kafkajs|minio|graphile-worker|nodemailer|undici|express)/' },
    },
    {
      name: 'ous-stands-on-nothing',
      severity: 'error',
      from: { path: '^libs/ous/' },
      to: { path: '^libs/', pathNot: '^libs/ous/' },
    },
    {
      name: 'text-stands-on-nothing',
      severity: 'error',
      from: { path: '^libs/text/' },
      to: { path: '^libs/', pathNot: '^libs/text/' },
    },
    {
      name: 'tar-and-fits-know-names-only',
      severity: 'error',
      from: { path: '^libs/(tar|fits)/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/(tar|fits|ous)/' },
    },
    {
      name: 'delivery-does-not-know-contracts',
      severity: 'error',
      from: { path: '^libs/delivery/', pathNot: TEST_CODE },
      to: { path: '^libs/(contracts|platform|messaging|jobs|object-store|catalogue-db)/' },
    },
    {
      name: 'platform-knows-contracts-only',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/(platform|contracts|retry)/' },
    },
    {
      name: 'access-knows-platform-and-contracts-only',
      severity: 'error',
      from: { path: '^libs/access/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/(access|platform|contracts)/' },
    },
    {
      name: 'service-knows-access-platform-and-contracts-only',
      severity: 'error',
      from: { path: '^libs/service/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/(service|access|platform|contracts)/' },
    },
    {
      name: 'no-lib-imports-service',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/service/' },
      to: { path: '^libs/service/' },
    },
    {
      name: 'adapters-stand-beside-each-other',
      comment: 'messaging builds on jobs; object-store, sources and catalogue-db on neither',
      severity: 'error',
      from: { path: '^libs/(jobs|object-store|catalogue-db|sources)/', pathNot: TEST_CODE },
      to: { path: '^libs/(messaging|jobs|object-store|catalogue-db|sources)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'embedded-postgres-uses-no-other-lib',
      severity: 'error',
      from: { path: '^libs/embedded-postgres/' },
      to: { path: '^libs/', pathNot: '^libs/embedded-postgres/' },
    },
    {
      name: 'archive-client-is-for-pipelines-and-mirrors',
      comment: 'it needs no framework, no terminal and nothing of a service',
      severity: 'error',
      from: { path: '^libs/archive-client/', pathNot: TEST_CODE },
      to: {
        path: '^libs/|node_modules/(@nestjs|commander|picocolors|pino|pg|typeorm|kafkajs|minio)/',
        pathNot: '^libs/(archive-client|contracts|ous|tar|text|retry)/',
      },
    },
    {
      name: 'kafka-and-s3-stay-behind-their-ports',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/(messaging|object-store|sources)/' },
      to: { path: 'node_modules/(kafkajs|minio)/' },
    },
    {
      name: 'only-the-catalogue-writes-the-catalogue',
      severity: 'error',
      from: { path: '^apps/(intake|ingest)/' },
      to: { path: '^libs/catalogue-db/' },
    },
    {
      name: 'ingest-lower-rooms-import-no-other',
      severity: 'error',
      from: { path: '^apps/ingest/(hashing|resources|retry)/' },
      to: { path: '^apps/ingest/[^/]+/', pathNot: '^apps/ingest/$1/' },
    },
    {
      name: 'ingest-parts-stand-on-hashing-and-resources',
      severity: 'error',
      from: { path: '^apps/ingest/parts/' },
      to: { path: '^apps/ingest/[^/]+/', pathNot: '^apps/ingest/(parts|hashing|resources)/' },
    },
    {
      name: 'ingest-deliveries-do-not-know-recovery-and-sweeping',
      severity: 'error',
      from: { path: '^apps/ingest/deliveries/' },
      to: { path: '^apps/ingest/(recovery|sweeping)/' },
    },
    {
      name: 'ingest-recovery-does-not-know-sweeping',
      severity: 'error',
      from: { path: '^apps/ingest/recovery/' },
      to: { path: '^apps/ingest/sweeping/' },
    },
    { name: 'no-test-code-in-production', severity: 'error', from: { pathNot: TEST_CODE }, to: { path: TEST_CODE } },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'import', 'node', 'default', 'types'],
    },
  },
};
