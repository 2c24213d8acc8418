import type { Endpoint } from '../archive/endpoint';
import { CliError } from '../cli.error';
import { StandaloneProcess, type StandaloneSettings } from './standalone-process';

/**
 * Does work with a standalone archive that is stopped afterwards, whatever happens.
 * @param work is given a signal that aborts when the command is interrupted or the archive ends by itself
 * @throws what `work` throws; CliError `cli.start-failed`; the reason of `interrupted` when that is aborted
 */
export async function withArchive(
  settings: StandaloneSettings,
  interrupted: AbortSignal,
  work: (endpoint: Endpoint, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  interrupted.throwIfAborted();
  const archive = StandaloneProcess.launch(settings, 'keep');
  const gone = new AbortController();
  void archive.ended.then((ending) =>
    gone.abort(new CliError('cli.start-failed', `the archive ended by itself: ${archive.lastWords(ending)}`)),
  );
  try {
    const endpoint = await Promise.race([archive.announced(), rejectionBy(interrupted)]);
    await work(endpoint, AbortSignal.any([interrupted, gone.signal]));
  } finally {
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
