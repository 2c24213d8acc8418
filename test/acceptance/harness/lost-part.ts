import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Qa2Result } from '@almagest/contracts';
import type { Archive } from './archive';
import { memberFiles } from './delivery-files';
import { memberResult } from './posting';
import { newProject } from './project';

/** The options of an archive whose object store loses a part. */
export const OPTIONS = {
  env: { RECONCILE_GRACE_HOURS: '0' },
  tokens: ['operator qa2:submit,archive:read,archive:operate operator-token-0123456789abcdef'],
};

/** The modification time of the directory of a tree; it is part of the packed data. */
export const BEFORE = new Date('2015-01-20T09:00:00Z');

/** A delivery of one part, with its object in the store and its source. */
export interface Delivered {
  id: string;
  result: Qa2Result;
  key: string;
  bytes: Buffer;
  /** The file of the source; null for a tree. */
  source: string | null;
}

/** Submits a small delivery of a new project, from a separate folder, and waits until it is delivered. */
export async function deliver(archive: Archive, tree = false): Promise<Delivered> {
  const project = newProject('12m');
  const [member] = project.members;
  const inbox = join(archive.inbox, project.code);
  let result = await memberResult(inbox, project, member);
  if (tree) {
    for (const { path, content = '' } of await memberFiles(project, member)) {
      await mkdir(dirname(join(inbox, path)), { recursive: true });
      await writeFile(join(inbox, path), content);
    }
    await utimes(join(inbox, project.code), BEFORE, BEFORE);
    const { parts: _parts, ...rest } = result;
    result = { ...rest, tree: { location: pathToFileURL(inbox).href } };
  }
  const { id } = await archive.client.deliver(result);
  const [key = ''] = (await archive.stored(project.code)).filter((stored) => stored.endsWith('.tar'));
  const bytes = await archive.read(key);
  return { id, result, key, bytes, source: tree ? null : join(inbox, 'r1', basename(key)) };
}
