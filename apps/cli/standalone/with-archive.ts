import type { Endpoint } from '@almagest/contracts';
import { CliError } from '../cli.error';
import { StandaloneProcess, type StandaloneSettings } from './standalone-process';

/** What is done with an archive. */
export interface ArchiveWork {
  onLaunch(pid: number | undefined): Promise<void>;
  /** Begins when it listens; the signal aborts when the command is interrupted or the archive ends by itself. */
  work(endpoint: Endpoint, signal: AbortSignal): Promise<void>;
  onStop(): void;
}

/**
 * Does work with a standalone archive that is stopped afterwards, whatever happens.
 * @throws what the work throws; CliError `cli.start-failed`; the reason of `interrupted` when that is aborted
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
    gone.abort(new CliError('cli.start-failed', `the archive ended by itself: ${archive.lastWords(ending)}`)),
  );
  try {
    await doing.onLaunch(archive.pid);
    const endpoint = await Promise.race([archive.announced(), rejectionBy(interrupted)]);
    await doing.work(endpoint, AbortSignal.any([interrupted, gone.signal]));
  } finally {
    doing.onStop();
    await leaveNothing(archive, settings);
  }
}

/** An archive that was killed leaves its database server behind: the next one takes that over and stops it too. */
async function leaveNothing(archive: StandaloneProcess, settings: StandaloneSettings): Promise<void> {
  const { signal } = await archive.stop();
  if (signal === null) return;
  const heir = StandaloneProcess.launch({ ...settings, port: 0 }, 'keep');
  await heir.announced().catch(() => undefined);
  await heir.stop();
}

function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
