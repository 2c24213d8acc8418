/** The layout rules of the archive: imports point downwards only (docs/adr/0002). */
const PURE = '^libs/(ous|tar|fits|text|delivery|contracts|retry|adql|votable)/';
const TEST_CODE = '(\\.spec\\.ts$|/testing/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'libs-do-not-import-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-import-each-other',
      comment: 'only standalone combines the services',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: `^apps/standalone/|${TEST_CODE}` },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-app-imports-standalone',
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
      name: 'pure-libs-import-no-framework-and-no-client',
      severity: 'error',
      from: { path: PURE, pathNot: TEST_CODE },
      to: { path: 'node_modules/(@nestjs|typeorm|pg|kafkajs|minio|graphile-worker|nodemailer|undici|express)/' },
    },
    {
      name: 'ous-imports-no-lib',
      severity: 'error',
      from: { path: '^libs/ous/' },
      to: { path: '^libs/', pathNot: '^libs/ous/' },
    },
    {
      name: 'text-imports-no-lib',
      severity: 'error',
      from: { path: '^libs/text/' },
      to: { path: '^libs/', pathNot: '^libs/text/' },
    },
    {
      name: 'adql-imports-no-lib',
      severity: 'error',
      from: { path: '^libs/adql/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/adql/' },
    },
    {
      name: 'votable-imports-no-lib',
      severity: 'error',
      from: { path: '^libs/votable/' },
      to: { path: '^libs/', pathNot: '^libs/votable/' },
    },
    {
      name: 'tar-and-fits-import-ous-only',
      severity: 'error',
      from: { path: '^libs/(tar|fits)/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/(tar|fits|ous)/' },
    },
    {
      name: 'delivery-does-not-import-contracts',
      severity: 'error',
      from: { path: '^libs/delivery/', pathNot: TEST_CODE },
      to: { path: '^libs/(contracts|platform|messaging|jobs|object-store|catalogue-db)/' },
    },
    {
      name: 'platform-imports-contracts-and-retry-only',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/(platform|contracts|retry)/' },
    },
    {
      name: 'access-imports-platform-and-contracts-only',
      severity: 'error',
      from: { path: '^libs/access/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/(access|platform|contracts)/' },
    },
    {
      name: 'service-imports-access-platform-and-contracts-only',
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
      name: 'adapters-do-not-import-each-other',
      comment: 'messaging uses jobs; object-store, sources and catalogue-db use neither',
      severity: 'error',
      from: { path: '^libs/(jobs|object-store|catalogue-db|sources)/', pathNot: TEST_CODE },
      to: { path: '^libs/(messaging|jobs|object-store|catalogue-db|sources)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'embedded-postgres-imports-no-lib',
      severity: 'error',
      from: { path: '^libs/embedded-postgres/' },
      to: { path: '^libs/', pathNot: '^libs/embedded-postgres/' },
    },
    {
      name: 'archive-client-needs-no-service-and-no-framework',
      comment: 'pipelines and mirrors use it too',
      severity: 'error',
      from: { path: '^libs/archive-client/', pathNot: TEST_CODE },
      to: {
        path: '^libs/|node_modules/(@nestjs|commander|picocolors|pino|pg|typeorm|kafkajs|minio)/',
        pathNot: '^libs/((archive-client|contracts|delivery|ous|tar|text|retry)/|platform/disk\\.ts$)',
      },
    },
    {
      name: 'only-adapters-import-kafkajs-and-minio',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/(messaging|object-store|sources)/' },
      to: { path: 'node_modules/(kafkajs|minio)/' },
    },
    {
      name: 'intake-and-ingest-do-not-import-catalogue-db',
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
