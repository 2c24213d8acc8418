import { basename, dirname, resolve } from 'node:path';
import { type Qa2Result, readQa2Result } from '@almagest/contracts';
import { count } from '@almagest/text';
import { CliError } from '../cli.error';
import { missingPaths, resolveLocations } from './locations';
import { hashFile, readJsonFile } from './read-file';

type Part = NonNullable<Qa2Result['parts']>[number];

/** Files that a user gives to replace those of a QA2 result. */
export interface Replacement {
  /** Tar files that replace its parts; empty: keep its parts. */
  parts: readonly string[];
  /** An unpacked tree that replaces its parts or tree: the directory that contains `<project>/`. */
  tree?: string;
}

/** Receives the progress of hashing. */
export interface HashProgress {
  onBegin(path: string, size: number): void;
  onBytes(bytes: number): void;
  onEnd(path: string, size: number): void;
}

/**
 * Reads a QA2 result from a file, inserts the user's parts or tree, resolves locations from the directory of the file,
 * and validates the result as the archive will. Parts are hashed last, if nothing else is wrong.
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
    throw new CliError('cli.input-invalid', `${file} cannot be posted: ${count(violations.length, 'fault')}`, {
      violations,
    });
  }
  if (replacement.parts.length === 0) return read.result;
  return { ...read.result, parts: await hashed(read.result.parts ?? [], replacement.parts, progress, signal) };
}

/** Inserts the user's files; the size and the digest of parts are computed later. */
function withReplacement(document: unknown, { parts, tree }: Replacement): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  const { parts: _parts, tree: _tree, ...others } = document as { parts?: unknown; tree?: unknown };
  if (tree !== undefined) return { ...others, tree: { location: resolve(tree) } };
  if (parts.length === 0) return document;
  const unread = (path: string): Part => ({
    name: basename(path),
    location: resolve(path),
    size: 0,
    sha256: '0'.repeat(64),
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
