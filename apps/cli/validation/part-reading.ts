import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { DeliveryInspection } from '@almagest/delivery';
import { type TarEntry, type TarEntrySink, TarError, TarReader } from '@almagest/tar';
import { unreadable } from '../submission/read-json-file';
import type { PartFile } from './delivery-input';
import type { FileLog } from './file-log';

const CHUNK = 1024 * 1024;

/**
 * Reads one tar part to its end, or to the first fault.
 * @param onBytes called for every chunk
 * @returns its SHA-256 in hexadecimal; null after a fault
 * @throws CliError `cli.input-unreadable`; the reason of `signal` when it is aborted
 */
export async function readPart(
  { path, name }: PartFile,
  inspection: DeliveryInspection,
  log: FileLog,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string | null> {
  const index = log.openContainer();
  const part = inspection.openPart(name);
  const onEntry = (entry: TarEntry): TarEntrySink | null => {
    const { file, content } = part.entry(entry);
    if (file !== null) log.add(index, entry, file);
    return content;
  };
  const tar = new TarReader({ onEntry });
  const hash = createHash('sha256');
  let broken: TarError | undefined;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, signal }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      tar.write(chunk);
      onBytes(chunk.length);
      await inspection.backlog();
    }
    tar.end();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TarError)) throw unreadable(path, error);
    broken = error;
  } finally {
    part.close(broken);
  }
  return broken === undefined ? hash.digest('hex') : null;
}
