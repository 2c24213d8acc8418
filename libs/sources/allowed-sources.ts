import { realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The places that the configuration of an archive lets it read from. */
export interface AllowedSources {
  /** Directories that `file:` locations may be in. */
  readonly roots: readonly string[];
  /** Servers of `https:` locations, `host` or `host:port`. */
  readonly hosts: readonly string[];
  /** Buckets of `s3:` locations. */
  readonly buckets: readonly string[];
  /** NGAS servers of `ngas:` locations, `host:port`. */
  readonly ngas: readonly string[];
}

/** Returns true for a path that is the directory or inside it. Both have no links. */
export function isInside(path: string, directory: string): boolean {
  const inside = relative(directory, path);
  return inside === '' || (inside !== '..' && !inside.startsWith('../') && !isAbsolute(inside));
}

/** Says that an archive may not read from a place, and from which ones it may. */
export function notAllowed(place: string, allowed: readonly string[]): string {
  const list = allowed.length === 0 ? 'it reads from none of this kind' : `it reads from ${allowed.join(', ')}`;
  return `this archive does not read from ${place}: ${list}`;
}

/**
 * Returns why the configuration does not allow a location, as far as can be known without opening it; null when it may
 * allow it. A path is inside a root by its name, or through links that can be seen from here.
 * @param location one without a `locationFault`
 */
export async function refusalOf(location: string, allowed: AllowedSources): Promise<string | null> {
  const url = new URL(location);
  if (url.protocol === 'file:') return refusalOfPath(location, allowed.roots);
  const lists: Record<string, readonly string[]> = { 's3:': allowed.buckets, 'ngas:': allowed.ngas };
  const list = lists[url.protocol] ?? allowed.hosts;
  return list.includes(url.host) ? null : notAllowed(`${url.protocol}//${url.host}`, list);
}

async function refusalOfPath(location: string, roots: readonly string[]): Promise<string | null> {
  const path = fileURLToPath(location);
  if (roots.some((root) => isInside(path, root))) return null;
  const real = await realpath(path).catch(() => path);
  for (const root of roots) if (isInside(real, await realpath(root).catch(() => root))) return null;
  return notAllowed(location, roots);
}
