import type { Delivery, MemberFile } from '@almagest/contracts';
import { ArchiveClientError } from '../archive-client.error';

type Announced = Pick<Delivery, 'id' | 'parts' | 'bytes' | 'files'>;

/**
 * Checks that as many files are listed as the delivery announces.
 * @throws ArchiveClientError `archive-client.not-an-archive`
 */
export function assertFileCount({ id, files }: Pick<Announced, 'id' | 'files'>, listed: number): void {
  if (listed !== files) throw incomplete(`delivery ${id}`, listed, files, 'files');
}

/**
 * Checks that the list of a delivery's parts is complete: as many parts, and as many bytes, as the delivery announces.
 * An archive that lists fewer would make an incomplete download look like a success.
 * @throws ArchiveClientError `archive-client.not-an-archive`
 */
export function assertAllParts(delivery: Announced & Pick<Delivery, 'partList'>): void {
  const { id, parts, bytes, partList } = delivery;
  if (partList.length !== parts || parts === 0) throw incomplete(`delivery ${id}`, partList.length, parts, 'parts');
  const listed = partList.reduce((sum, { size }) => sum + size, 0);
  if (listed !== bytes) throw incomplete(`delivery ${id}`, listed, bytes, 'bytes in its parts');
}

/**
 * Checks that the list of a delivery's files is complete, and that each is inside one of its parts.
 * @param files all files that the archive lists for the delivery
 * @throws ArchiveClientError `archive-client.not-an-archive`
 */
export function assertAllFiles(delivery: Announced & Pick<Delivery, 'partList'>, files: readonly MemberFile[]): void {
  const { id, partList } = delivery;
  const paths = new Set(files.map(({ path }) => path));
  if (paths.size !== delivery.files || files.length !== delivery.files || delivery.files === 0) {
    throw incomplete(`delivery ${id}`, paths.size, delivery.files, 'files');
  }
  const names = new Set(partList.map(({ name }) => name));
  const stray = files.find(({ part }) => !names.has(part));
  if (stray !== undefined) throw incompleteList(`delivery ${id} has no part "${stray.part}", where a file should be`);
}

/**
 * Checks that a list of raw data has as many bytes as announced.
 * @param what the list, for the message
 * @throws ArchiveClientError `archive-client.not-an-archive`
 */
export function assertAllBytes(what: string, asdms: readonly { size: number }[], totalSize: number): void {
  const listed = asdms.reduce((sum, { size }) => sum + size, 0);
  if (listed !== totalSize) throw incomplete(what, listed, totalSize, 'bytes of raw data');
}

function incomplete(what: string, listed: number, announced: number, noun: string): ArchiveClientError {
  return incompleteList(`${what}: the archive announces ${announced} ${noun}, and lists ${listed}`);
}

function incompleteList(message: string): ArchiveClientError {
  return new ArchiveClientError('archive-client.not-an-archive', message);
}
