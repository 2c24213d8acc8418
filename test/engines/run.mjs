/**
 * Runs a command while the real engines are up, and stops them afterwards, also on Ctrl-C:
 *   node test/engines/run.mjs [COMMAND ARGUMENT...]
 * Without a command it runs each port's conformance suite on every adapter, compares the codecs with other programs,
 * and runs the whole acceptance suite with each service in a separate process. The run fails when an engine is not
 * available.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEngines } from './engines.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const jest = (...args) => [process.execPath, 'node_modules/jest/bin/jest.js', ...args];

/** The suites that run without a command: name, command, added environment. */
const SUITES = [
  ['the store: directory', jest('--selectProjects', 'unit', '--testPathPatterns', 'libs/object-store/directory')],
  ['the bus: PostgreSQL', jest('--selectProjects', 'database', '--testPathPatterns', 'test/database/messaging')],
  [
    'the store, the bus and the codecs on real engines',
    // An instance that a test cut off from everything never finishes its messages: only an exit ends it.
    jest('--selectProjects', 'engines', '--runInBand', '--forceExit'),
  ],
  [
    'the acceptance and crash suites, separate services',
    // What these two test has no services: the home of a standalone archive, and commands that need no archive.
    jest('--selectProjects', 'acceptance', 'crash', '--testPathIgnorePatterns', 'acceptance/(home|exit-codes).spec'),
    { TEST_ARCHIVE: 'separate' },
  ],
];

let running;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

const command = process.argv.slice(2);
const engines = await startEngines();
try {
  const suites = command.length > 0 ? [[command.join(' '), command]] : SUITES;
  for (const [name, [program, ...args], env] of suites) {
    if (interrupted) break;
    process.stderr.write(`\n== ${name}\n`);
    running = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...engines.env, ...env } });
    const [code] = await once(running, 'exit');
    if (code !== 0) {
      process.exitCode = code ?? 1;
      break;
    }
  }
} finally {
  await engines.stop();
}
if (interrupted) process.exitCode = 130;
