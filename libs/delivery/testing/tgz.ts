import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

export interface TgzEntry {
  name: string;
  content?: string;
  type?: 'file' | 'directory' | 'symlink' | 'character-device';
  linkname?: string;
  mode?: number;
}

/** Returns a gzipped tar of the entries. */
export async function tgz(entries: readonly TgzEntry[]): Promise<Buffer> {
  return gzipSync(await tarOf(entries));
}

/** Returns a tar of the entries. */
export async function tarOf(entries: readonly TgzEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content = '', type = 'file', linkname, mode } of entries)
    archive.entry({ name, type, linkname, ...(mode === undefined ? {} : { mode }) }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
