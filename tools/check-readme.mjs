// Runs the `console` blocks of README.md one after the other, as a newcomer who copies them does, on a fresh home.
// A line `$ command` is run by `bash -e`; the lines below it are its expected output, in which `...` matches any text
// within a line and, alone on a line, any number of lines. `npx almagest up` runs until the end. Options: --except
// COMMAND (repeatable) skips a command that something else runs.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FACTOR = Number(process.env.TEST_PATIENCE || 1);
/** How long a command may take, and how long the archive may take to start or stop, in ms. */
const LIMITS = { command: 1_200_000 * FACTOR, archive: 60_000 * FACTOR };

const { values } = parseArgs({ options: { except: { type: 'string', multiple: true, default: [] } } });
process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const home = mkdtempSync(join(tmpdir(), 'almagest-readme-'));
const running = new Set();
const created = [];

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    interrupted = true;
    await cleanUp();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

// Whatever happens before the end is a failure.
process.exitCode = 1;
try {
  const commands = consoleBlocks(readFileSync('README.md', 'utf8')).flatMap(commandsOf);
  if (commands.length === 0) throw new Error('README.md has no console block');
  for (const { line, expected } of commands) {
    if (values.except.includes(line)) console.log(`skipped  $ ${line}`);
    else await check(line, expected);
  }
  process.exitCode = 0;
} catch (error) {
  if (!interrupted) console.error(error.message);
}
await cleanUp();

function consoleBlocks(markdown) {
  return [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
}

/** The commands of a block, each with its expected output; a command ending in a backslash continues on the next line. */
function commandsOf(block) {
  const commands = [];
  for (const line of block.trimEnd().split('\n')) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ line: line.slice(2), expected: [] });
    else if (last === undefined) throw new Error(`a console block begins with output: ${line}`);
    else if (last.expected.length === 0 && last.line.endsWith('\\')) last.line += `\n${line}`;
    else last.expected.push(line);
  }
  return commands;
}

async function check(line, expected) {
  const began = Date.now();
  for (const [, folder] of line.matchAll(/--into (\S+)/g)) if (!existsSync(folder)) created.push(folder);
  const staysUp = line.startsWith('npx almagest up');
  const child = start(line);
  const matches = () => isMatch(expected, child.output);
  const exit = staysUp
    ? await Promise.race([child.ended, until(matches, LIMITS.archive)])
    : await Promise.race([child.ended, after(LIMITS.command)]);
  if (interrupted) throw new Error('interrupted');
  const fault = faultOf(exit, staysUp, matches());
  console.log(`${fault === null ? 'ok      ' : 'FAILED  '} $ ${line}  (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  if (fault === null) return;
  throw new Error(`${fault}\n--- expected\n${expected.join('\n')}\n--- output\n${child.output.trimEnd()}`);
}

/** Why a command failed; null when it did not. `exit` is undefined for a command that still runs. */
function faultOf(exit, staysUp, matches) {
  if (exit === undefined && !staysUp) return 'did not end in time';
  if (exit !== undefined && staysUp) return `ended with ${exit}, but must stay up`;
  if (exit !== undefined && exit !== 0) return `ended with ${exit}`;
  return matches ? null : 'the output differs from the one in README.md';
}

/** Starts a command line in a process group of its own. */
function start(line) {
  const child = spawn('bash', ['-ec', line], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ALMAGEST_HOME: home, NO_COLOR: '1' },
  });
  const started = { pid: child.pid, output: '', ended: undefined };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (started.output += text));
  }
  started.ended = new Promise((resolve) => {
    child.once('error', () => resolve('an error'));
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).finally(() => running.delete(started));
  running.add(started);
  return started;
}

/** True when the output is as expected: literally, except that `...` matches any text. Nothing expected matches all. */
function isMatch(expected, output) {
  if (expected.length === 0) return true;
  const pattern = expected
    .map((line) =>
      line.trim() === '...' ? '(?:.*\\n)*?' : `${line.trimEnd().split('...').map(escape).join('.*')}[^\\S\\n]*\\n`,
    )
    .join('');
  return new RegExp(`^${pattern}$`).test(output.endsWith('\n') ? output : `${output}\n`);
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Resolves when the condition holds, or after the limit. */
async function until(condition, limit) {
  for (const end = Date.now() + limit; !condition() && Date.now() < end;) await after(50);
}

function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** Stops what still runs, as Ctrl-C does, and removes the home and the folders that the commands have made. */
async function cleanUp() {
  for (const started of [...running]) {
    kill(started.pid, 'SIGINT');
    await Promise.race([started.ended, after(LIMITS.archive)]);
    if (running.has(started)) kill(started.pid, 'SIGKILL');
  }
  for (const path of [home, ...created]) rmSync(path, { recursive: true, force: true });
}

function kill(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}
