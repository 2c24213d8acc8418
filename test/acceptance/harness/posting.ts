import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Qa2Outcome, Qa2Result } from '@almagest/contracts';
import { productTarName, type Uid } from '@almagest/ous';
import { groupFiles, memberFiles, tarOf, type TarEntry } from './delivery-files';
import type { Member, Project } from './project';

/** The values of a posted result, apart from its place in the project. */
export interface PostingOptions {
  revision?: number;
  outcome?: Qa2Outcome;
  /** The reason of a FAIL. */
  reason?: string;
  /** The files of its only part; by default a small delivery without findings. */
  files?: readonly TarEntry[];
}

export type Part = NonNullable<Qa2Result['parts']>[number];

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Writes a file to a folder that the archive can read. */
export async function putFile(directory: string, name: string, bytes: Uint8Array): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, name), bytes);
  return pathToFileURL(join(directory, name)).href;
}

/** Writes a part to a folder that the archive can read, and returns its true description. */
export async function putPart(directory: string, name: string, bytes: Uint8Array): Promise<Part> {
  return { name, location: await putFile(directory, name, bytes), size: bytes.length, sha256: sha256(bytes) };
}

/** Returns a QA2 result of a member whose delivery of one part is in a folder of `inbox`. A FAIL has no delivery. */
export async function memberResult(
  inbox: string,
  project: Project,
  member: Member,
  options: PostingOptions = {},
): Promise<Qa2Result> {
  const { revision = 1, outcome = 'PASS', reason, files } = options;
  const common = { ...resultOf(project, revision, outcome), ...(reason === undefined ? {} : { reason }) };
  const { executionBlock } = member;
  const asdm = { size: 1000, location: pathToFileURL(join(inbox, 'raw')).href };
  const result: Qa2Result = {
    ...common,
    level: 'member',
    member: member.uid,
    executionBlocks: [{ uid: executionBlock, use: 'used', asdm }],
  };
  if (outcome === 'FAIL') return result;
  return withPart(result, inbox, project, member.uid, files ?? (await memberFiles(project, member)));
}

/** Returns a QA2 result of the combined imaging of a group. A FAIL has no delivery. */
export async function groupResult(inbox: string, project: Project, options: PostingOptions = {}): Promise<Qa2Result> {
  const { revision = 1, outcome = 'PASS', files = groupFiles(project) } = options;
  const result: Qa2Result = {
    ...resultOf(project, revision, outcome),
    level: 'group',
    executionBlocks: [],
  };
  if (outcome === 'FAIL') return result;
  return withPart(result, inbox, project, project.group, files);
}

function resultOf(
  { code, scienceGoal, group, members, recipients }: Project,
  revision: number,
  outcome: Qa2Outcome,
): Omit<Qa2Result, 'level' | 'executionBlocks'> {
  return {
    project: code,
    scienceGoal,
    revision,
    outcome,
    recipients,
    releaseDate: '2015-12-05',
    group: { uid: group, members: members.map(({ uid, array }) => ({ uid, array })) },
    decidedAt: '2014-12-05T08:50:00Z',
  };
}

async function withPart(
  result: Qa2Result,
  inbox: string,
  { code }: Project,
  ous: Uid,
  files: readonly TarEntry[],
): Promise<Qa2Result> {
  const name = productTarName(code, ous, 1, 1);
  const part = await putPart(join(inbox, `r${result.revision}`), name, await tarOf(files));
  return { ...result, parts: [part] };
}
