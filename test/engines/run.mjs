/**
 * Runs a command with the real engines up, and stops them afterwards, also on Ctrl-C:
 *   node test/engines/run.mjs [COMMAND ARGUMENT...]
 * Without a command: each port's conformance suite on every adapter, the codecs against foreign programs, and the whole
 * acceptance suite with each service as a process of its own. An engine that cannot be had fails the run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEngines } from './engines.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const jest = (...args) => [process.execPath, 'node_modules/jest/bin/jest.js', ...args];

/** What is run by itself, each with what it adds to the environment. */
const SUITES = [
  ['the store: directory', jest('--selectProjects', 'unit', '--testPathPatterns', 'libs/object-store/directory')],
  ['the bus: PostgreSQL', jest('--selectProjects', 'database', '--testPathPatterns', 'test/database/messaging')],
  [
    'the store, the bus and the codecs on real engines',
    // An instance that a test cut off from everything has messages in hand for good: nothing but an exit ends it.
    jest('--selectProjects', 'engines', '--runInBand', '--forceExit'),
  ],
  [
    'the acceptance and crash suites, separate services',
    jest('--selectProjects', 'acceptance', 'crash'),
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
