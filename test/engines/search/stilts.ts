import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One line of a report of a STILTS validator. */
export interface Report {
  /** `E` error, `W` warning, `F` failure (a stage could not run); as STILTS writes them. */
  readonly kind: string;
  /** Stage and code, such as `CAP-SVR0`. */
  readonly code: string;
  readonly text: string;
}

/** Installs STILTS, Debian's package of Java programs for tables, unless it is there. */
export function installStilts(): void {
  execFileSync(process.execPath, [join(__dirname, '..', 'debian.mjs'), 'stilts']);
}

/** Runs stages of `taplint`, and returns its errors, warnings and failures, with the stages that ran. */
export async function taplint(
  url: string,
  stages: readonly string[],
): Promise<{ reports: Report[]; stages: string[]; output: string }> {
  const output = await stilts(['taplint', `tapurl=${url}/tap`, `stages=${stages.join(' ')}`, 'report=EWFS']);
  return {
    reports: reportsIn(output),
    stages: [...output.matchAll(/^Section (\w+):/gm)].map(([, stage = '']) => stage),
    output,
  };
}

/** Runs `votlint` on the answer at a URL, whatever its status, and returns its errors and warnings. */
export async function votlint(url: string): Promise<string[]> {
  const document = await (await fetch(url)).text();
  const output = await stilts(['votlint', 'votable=-'], document);
  return output.split('\n').filter((line) => line !== '' && !line.startsWith('INFO'));
}

/** Runs `datalinklint` on the links at a URL, and returns its errors, warnings and failures. */
export async function datalinklint(url: string): Promise<{ reports: Report[]; output: string }> {
  const output = await stilts(['datalinklint', `votable=${url}`, 'report=EWFS']);
  return { reports: reportsIn(output), output };
}

function reportsIn(output: string): Report[] {
  const lines = output.matchAll(/^([EWF])-(?:(\w{3})-)?(\w{4})-\w+ (.*)$/gm);
  return [...lines].map(([, kind = '', stage, code = '', text = '']) => ({
    kind,
    code: stage === undefined ? code : `${stage}-${code}`,
    text,
  }));
}

/** Returns what a validator prints; it ends with 1 when it finds an error. */
async function stilts(args: readonly string[], input = ''): Promise<string> {
  const running = run('stilts', args, { maxBuffer: 64 * 1024 * 1024 });
  running.child.stdin?.end(input);
  const done = await running.catch((failed: Error & { code?: unknown; stdout?: string; stderr?: string }) => {
    if (failed.code !== 1 || !failed.stdout) throw failed;
    return { stdout: failed.stdout, stderr: failed.stderr ?? '' };
  });
  return done.stdout + done.stderr;
}
