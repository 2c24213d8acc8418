import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { casaProgram } from '@almagest/delivery';
import { printable } from '@almagest/text';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { isAlive } from '../system-error';
import { directoryOf, exists, type RestorePlan } from './restore-plan';

/** Returns the path of CASA's program; null when it is not on the search path. */
export async function findCasa(searchPath: string, version: string | null): Promise<string | null> {
  for (const program of new Set([casaProgram(version), 'casa', 'casapy'])) {
    for (const directory of searchPath.split(delimiter).filter((each) => each !== '')) {
      if (await exists(join(directory, program))) return join(directory, program);
    }
  }
  return null;
}

/** Returns the arguments that run scriptForPI in `script/` (§5.1; §5.2 with the pipeline). */
export function casaArguments({ spaceSaving, isPipeline }: RestorePlan): string[] {
  return [...(isPipeline ? ['--pipeline'] : []), '-c', `SPACESAVING=${spaceSaving}; execfile('scriptForPI.py')`];
}

/**
 * Checks that no CASA of an earlier run is still running, as after a run that was killed.
 * @param marker the file with the id of its process
 * @throws CliError `cli.cannot-restore`
 */
export async function assertNotRunning(marker: string): Promise<void> {
  const pid = Number(await readFile(marker, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return;
  throw new CliError('cli.cannot-restore', `the CASA of an earlier run is still running (process ${pid})`, {
    hints: ['wait until it ends, or end it', `if that process is not CASA, delete ${marker}`],
  });
}

/**
 * Runs CASA and copies its output to standard error.
 * @param marker the file that gets the id of its process
 * @throws CliError `cli.casa-failed`; the reason of the interruption, once CASA has ended
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
    if (code !== 0)
      throw new CliError('cli.casa-failed', `CASA ended with ${code === null ? signal : `exit code ${code}`}`);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('cli.casa-failed', `cannot run CASA: ${casa}`, { cause });
  } finally {
    interruption.signal.removeEventListener('abort', end);
  }
}
