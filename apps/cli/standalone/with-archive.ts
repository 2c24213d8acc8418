import type { Endpoint } from '@almagest/contracts';
import { CliError } from '../cli.error';
import { StandaloneProcess, type StandaloneSettings } from './standalone-process';

/** Work to do with a standalone archive. */
export interface ArchiveWork {
  onLaunch(pid: number | undefined): Promise<void>;
  /** Starts once the archive listens. The signal aborts if the command is interrupted or the archive ends by itself. */
  work(endpoint: Endpoint, signal: AbortSignal): Promise<void>;
  onStop(): void;
}

/**
 * Runs work with a standalone archive and always stops the archive afterwards.
 * @throws the error of the work; CliError `cli.start-failed`; the reason of `interrupted` when that is aborted
 */
export async function withArchive(
  settings: StandaloneSettings,
  interrupted: AbortSignal,
  doing: ArchiveWork,
): Promise<void> {
  interrupted.throwIfAborted();
  const archive = StandaloneProcess.launch(settings, 'keep');
  const gone = new AbortController();
  void archive.ended.then((ending) =>
    gone.abort(new CliError('cli.start-failed', `the archive ended by itself: ${archive.reasonOf(ending)}`)),
  );
  try {
    await doing.onLaunch(archive.pid);
    const endpoint = await Promise.race([archive.announced(), rejectionBy(interrupted)]);
    await doing.work(endpoint, AbortSignal.any([interrupted, gone.signal]));
  } finally {
    doing.onStop();
    await stopEverything(archive, settings);
  }
}

/** A killed archive leaves its database server running: another archive on the same home takes it over and stops it. */
async function stopEverything(archive: StandaloneProcess, settings: StandaloneSettings): Promise<void> {
  const { signal } = await archive.stop();
  if (signal === null) return;
  const successor = StandaloneProcess.launch({ ...settings, port: 0 }, 'keep');
  await successor.announced().catch(() => undefined);
  await successor.stop();
}

function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
