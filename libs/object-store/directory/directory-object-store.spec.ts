import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectStoreConformance } from '../testing/object-store.conformance';
import { DirectoryObjectStore } from './directory-object-store';

objectStoreConformance('a directory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'almagest-store-'));
  const open = (): DirectoryObjectStore => new DirectoryObjectStore({ root: join(folder, 'store') });
  return {
    store: open(),
    reopen: async () => open(),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
});
