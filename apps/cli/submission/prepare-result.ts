import { basename, dirname, resolve } from 'node:path';
import { type Qa2Result, readQa2Result } from '@almagest/contracts';
import { count } from '@almagest/text';
import { CliError } from '../cli.error';
import { hashFile } from './hash-file';
import { missingPaths, resolveLocations } from './locations';
import { readJsonFile } from './read-json-file';

type Part = NonNullable<Qa2Result['parts']>[number];

/** What a user gives instead of the files a QA2 result names. */
export interface Replacement {
  /** Tar files instead of its parts; none leaves them. */
  parts: readonly string[];
  /** An unpacked tree instead of its parts or tree: the directory that holds `<project>/`. */
  tree?: string;
}

/** Hears of the hashing of parts. */
export interface HashProgress {
  onBegin(path: string, size: number): void;
  onBytes(bytes: number): void;
  onEnd(path: string, size: number): void;
}

/**
 * Reads a QA2 result from a file, resolves its locations against the file's directory, puts the user's parts or tree
 * in, and checks it as the archive will. Parts are hashed last, when nothing else is wrong.
 * @throws CliError `cli.input-unreadable`, `cli.input-invalid` with every violation
 */
export async function prepareResult(
  file: string,
  replacement: Replacement,
  progress: HashProgress,
  signal: AbortSignal,
): Promise<Qa2Result> {
  const document = withReplacement(await readJsonFile(file), replacement);
  const resolved = resolveLocations(document, dirname(resolve(file)));
  const read = readQa2Result(resolved.document);
  const violations = [...(read.ok ? [] : read.violations), ...(await missingPaths(resolved.local))];
  if (!read.ok || violations.length > 0) {
    throw new CliError('cli.input-invalid', `${file} cannot be posted, it has ${count(violations.length, 'fault')}`, {
      violations,
    });
  }
  if (replacement.parts.length === 0) return read.result;
  return { ...read.result, parts: await hashed(read.result.parts ?? [], replacement.parts, progress, signal) };
}

/** The document with the user's files in it; parts have no size and digest yet. */
function withReplacement(document: unknown, { parts, tree }: Replacement): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  const { parts: _parts, tree: _tree, ...others } = document as { parts?: unknown; tree?: unknown };
  if (tree !== undefined) return { ...others, tree: { location: resolve(tree) } };
  if (parts.length === 0) return document;
  const unread = (path: string): Part => ({
    ...{ name: basename(path), location: resolve(path) },
    ...{ size: 0, sha256: '0'.repeat(64) },
  });
  return { ...others, parts: parts.map(unread) };
}

async function hashed(
  parts: readonly Part[],
  paths: readonly string[],
  progress: HashProgress,
  signal: AbortSignal,
): Promise<Part[]> {
  const complete: Part[] = [];
  for (const [index, part] of parts.entries()) {
    const path = paths[index] ?? part.name;
    const digest = await hashFile(path, signal, progress);
    progress.onEnd(path, digest.size);
    complete.push({ ...part, ...digest });
  }
  return complete;
}
