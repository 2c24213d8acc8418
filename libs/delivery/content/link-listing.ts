import type { TarEntry } from '@almagest/tar';
import { pathSegments } from '../naming/tree-place';
import type { UnsafeEntry } from './file-content';

/** Real archives have few links; a weblog has some hundreds. */
const MAX_LINKS = 10_000;

/**
 * The symbolic and hard links of an inner archive. Each may stay inside by its own text and still lead outside by way of
 * another: where `a/b` is a link to `..`, the path `a/b/..` is outside.
 */
export class LinkListing {
  /** The path of each symbolic link, without `.` and empty names. */
  private readonly symbolic = new Set<string>();
  private readonly targets: { path: string; target: string }[] = [];

  /** Remembers a link. Returns why an entry is unsafe: it would be unpacked by way of a link; null otherwise. */
  add({ path, type, linkPath }: TarEntry): string | null {
    const names = pathSegments(path);
    if (this.linksOn(names.slice(0, -1)).length > 0) return 'an entry below a link';
    if ((type !== 'symlink' && type !== 'hardlink') || linkPath === null) return null;
    if (this.targets.length >= MAX_LINKS) return `more than ${MAX_LINKS} links`;
    const from = type === 'symlink' ? names.slice(0, -1) : [];
    this.targets.push({ path, target: [...from, ...pathSegments(linkPath)].join('/') });
    if (type === 'symlink') this.symbolic.add(names.join('/'));
    return null;
  }

  /**
   * Returns the links whose targets are reached by way of other links, once all entries are added. One whose target is
   * itself a link, as of a library and its version, leads nowhere else than that link.
   */
  chains(): UnsafeEntry[] {
    return this.targets.flatMap(({ path, target }) => {
      const names = target.split('/');
      const links = this.linksOn(names);
      if (links.length === 0) return [];
      const isOnlyLast = links.length === 1 && links[0] === names.length - 1;
      return [{ path, why: 'a chain of links', ...(isOnlyLast ? { severity: 'warn' as const } : {}) }];
    });
  }

  /** Returns the indexes of the names that lead to a symbolic link, if each name is followed in turn. */
  private linksOn(names: readonly string[]): number[] {
    if (this.symbolic.size === 0) return [];
    const at: string[] = [];
    return names.flatMap((name, index) => {
      if (name === '..') at.pop();
      else at.push(name);
      return this.symbolic.has(at.join('/')) ? [index] : [];
    });
  }
}
