import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { printable } from '@almagest/text';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { isAlive } from '../system-error';
import { directoryOf, exists, type RestorePlan } from './restore-plan';

/** The names CASA has had. */
const PROGRAMS = ['casa', 'casapy'];

/** The path of CASA's program; null when the search path has none. */
export async function findCasa(searchPath: string): Promise<string | null> {
  for (const program of PROGRAMS) {
    for (const directory of searchPath.split(delimiter).filter((each) => each !== '')) {
      if (await exists(join(directory, program))) return join(directory, program);
    }
  }
  return null;
}

/** The arguments that run scriptForPI in `script/` (§5.1; §5.2 with the pipeline). */
export function casaArguments({ spaceSaving, isPipeline }: RestorePlan): string[] {
  return [...(isPipeline ? ['--pipeline'] : []), '-c', `SPACESAVING=${spaceSaving}; execfile('scriptForPI.py')`];
}

/**
 * Refuses to go on while the CASA of an earlier run is at work, which a run that is killed leaves behind.
 * @param marker the file that names its process
 * @throws CliError `cli.cannot-restore`
 */
export async function mustNotRun(marker: string): Promise<void> {
  const pid = Number(await readFile(marker, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return;
  throw new CliError('cli.cannot-restore', `the CASA of an earlier run is still at work (process ${pid})`, {
    hints: ['wait until it has ended, or end it', `if that process is no CASA, delete ${marker}`],
  });
}

/**
 * Runs CASA to its end; what it says goes to standard error.
 * @param marker a file that names its process from the beginning on
 * @throws CliError `cli.casa-failed`; the reason of the interruption, when CASA has ended too
 */
export async function runCasa(
  casa: string,
  plan: RestorePlan,
  marker: string,
  { terminal, interruption }: CliContext,
): Promise<void> {
  const child = spawn(casa, casaArguments(plan), {
    cwd: directoryOf(plan, 'script'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  writeFileSync(marker, String(child.pid ?? ''));
  const end = (): void => void child.kill('SIGINT');
  interruption.signal.addEventListener('abort', end);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => terminal.note(printable(line)));
  }
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    interruption.signal.throwIfAborted();
    if (code !== 0) throw new CliError('cli.casa-failed', `CASA ended with ${code ?? signal}`);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('cli.casa-failed', `CASA cannot be run: ${casa}`, { cause });
  } finally {
    interruption.signal.removeEventListener('abort', end);
  }
}
