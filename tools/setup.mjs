// Installs and builds what is missing or outdated. Needs only Node, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What tsconfig.build.json leaves out. */
const TEST_CODE = /\.spec\.ts$|[\\/]testing[\\/]/;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Almagest needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

step('node_modules/.almagest-stamp', digestOf(['package.json', 'package-lock.json'], process.version), () => {
  console.error('Installing dependencies ...');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
});

step('dist/.almagest-stamp', digestOf(sources()), () => {
  console.error('Building ...');
  run(process.execPath, [join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build']);
  run(process.execPath, [join('tools', 'bundle.mjs')]);
});

// The suites compare times: sources that git wrote again are not newer than a build of the same content.
const now = new Date();
utimesSync('dist/apps/standalone/main.js', now, now);

// npx finds the commands of dependencies in .bin; this adds the project's own command.
const bin = 'node_modules/.bin/almagest';
if (!existsSync(bin)) {
  rmSync(bin, { force: true });
  symlinkSync(join('..', '..', 'dist', 'apps', 'cli', 'main.js'), bin);
}

/** Does `work` unless the stamp shows that it was done for the same input. */
function step(stamp, digest, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status === 0) return;
  console.error(`"${[command, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}.`);
  process.exit(status ?? 1);
}

/** Returns every file that the build reads. */
function sources() {
  const below = ['apps', 'libs', 'migrations', 'tools'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|cjs|mustache)$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((path) => !TEST_CODE.test(path)),
  );
  return ['package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'tools/bundle.mjs', ...below.sort()];
}

function digestOf(files, ...more) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  for (const text of more) hash.update(text);
  return hash.digest('hex');
}
