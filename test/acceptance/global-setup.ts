import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onServer, urlOf } from '../harness/database-server';
import startPostgres from '../harness/start-postgres';
import { BUILT, IS_SEPARATE, REPOSITORY, TEMPLATE } from './harness/built';

const SOURCES = ['apps', 'libs', 'migrations'];
const NOT_BUILT = /(?:\.spec\.ts|\.md)$|\/testing\//;

/**
 * jest's globalSetup of the suites that run whole archives: checks that the build is up to date, and prepares the
 * database that every archive starts from.
 */
export default async function prepareArchives(): Promise<void> {
  await checkBuild();
  if (IS_SEPARATE) return;
  await startPostgres();
  await makeTemplate();
}

/** @throws Error when the build is missing or older than its sources */
async function checkBuild(): Promise<void> {
  const built = await changedAt(BUILT);
  const sources = (await Promise.all(SOURCES.map((folder) => filesBelow(join(REPOSITORY, folder))))).flat();
  const changes = await Promise.all(sources.filter((path) => !NOT_BUILT.test(path)).map(changedAt));
  if (built === 0) throw new Error('These tests run the built archive, and there is none. Run: npm run build');
  if (Math.max(...changes) > built) {
    throw new Error('These tests run the built archive, and it is older than its sources. Run: npm run build');
  }
}

/** Starts an archive on an empty database and stops it again: the database then has every table of every service. */
async function makeTemplate(): Promise<void> {
  await onServer((server) => server.query(`CREATE DATABASE ${TEMPLATE} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`));
  const home = await mkdtemp(join(tmpdir(), 'almagest-template-'));
  try {
    const { PATH = '', HOME = '' } = process.env;
    const archive = spawn(process.execPath, [BUILT], {
      env: { PATH, HOME, ALMAGEST_HOME: home, PORT: '0', DATABASE_URL: urlOf(TEMPLATE) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    archive.stdout.once('data', () => archive.kill('SIGTERM'));
    const [code] = (await once(archive, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the archive that prepares the template database exited with ${code}`);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
