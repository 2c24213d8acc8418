import { type TarEntry, TarError, TarReader } from '@almagest/tar';
import type { ArchiveFacts } from '../facts/file-facts';
import { setsId } from '../inventory/delivery-entry';
import { type ContentParser, ContentProblem } from './content-reader';
import type { ExpansionBudget } from './expansion-budget';
import type { FileContent, UnsafeEntry } from './file-content';
import { LinkListing } from './link-listing';

/** Lists a tar while it streams by; keeps only names and counts. */
export class ArchiveParser implements ContentParser {
  readonly kind = 'archive';
  private readonly listing = new ArchiveListing();
  private readonly tar: TarReader;

  constructor(budget: ExpansionBudget) {
    this.tar = new TarReader({
      onEntry: (entry) => {
        budget.takeEntry();
        this.listing.add(entry);
        return null;
      },
      limits: { maxEntries: Number.MAX_SAFE_INTEGER, maxMemberSize: Number.MAX_SAFE_INTEGER },
    });
  }

  write(chunk: Uint8Array): void {
    this.guard(() => this.tar.write(chunk));
  }

  end(): FileContent {
    this.guard(() => this.tar.end());
    const { unsafe } = this.listing;
    return { state: 'read', kind: this.kind, facts: { facts: this.listing.facts(), unsafe } };
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof TarError)) throw error;
      throw new ContentProblem('unreadable', { expected: error.expected, found: error.found });
    }
  }
}

const MAX_TABLES = 5000;
const MAX_UNSAFE = 10;
const MAX_NAME_LENGTH = 512;
const WEBLOG_INDEX = /^(?:\.\/)?pipeline[^/]{0,200}\/html\/index\.html$/;
const FLAG_VERSIONS = /\.flagversions(?:\/|$)/;
const HARMLESS = new Set<TarEntry['type']>(['file', 'contiguous-file', 'directory']);

/** Collects facts about the entries of an inner archive, within fixed limits. */
export class ArchiveListing {
  /** Directories with a `table.dat`: each is a CASA table. */
  private readonly tables = new Set<string>();
  private readonly found: UnsafeEntry[] = [];
  private files = 0;
  private bytes = 0;
  private flagVersions = false;
  private weblogIndex: string | null = null;
  private readonly links = new LinkListing();

  add(entry: TarEntry): void {
    const why = unsafeReason(entry) ?? this.links.add(entry);
    if (why !== null) this.keep({ path: entry.path, why });
    if (isProgramOfOther(entry)) this.keep({ path: entry.path, why: 'a file with a set-id mode', severity: 'warn' });
    if (FLAG_VERSIONS.test(entry.path)) this.flagVersions = true;
    if (entry.type !== 'file' && entry.type !== 'contiguous-file') return;
    this.files++;
    this.bytes += entry.size;
    if (this.weblogIndex === null && WEBLOG_INDEX.test(entry.path)) this.weblogIndex = entry.path;
    if (entry.path.endsWith('/table.dat')) this.addTable(entry.path.slice(0, -'/table.dat'.length));
  }

  /** The unsafe entries, once all are added: a link may point at one that comes later. */
  get unsafe(): readonly UnsafeEntry[] {
    return [...this.found, ...this.links.chains()].slice(0, MAX_UNSAFE);
  }

  facts(): ArchiveFacts {
    const outermost = [...this.tables].filter((path) => !this.isInsideTable(path));
    const names = outermost.map((path) => path.slice(path.lastIndexOf('/') + 1)).sort();
    const { files, bytes, flagVersions, weblogIndex } = this;
    return { files, bytes, tables: names, flagVersions, weblogIndex };
  }

  private keep(unsafe: UnsafeEntry): void {
    if (this.found.length < MAX_UNSAFE) this.found.push(unsafe);
  }

  private addTable(path: string): void {
    const isFlags = FLAG_VERSIONS.test(path);
    if (!isFlags && path.length <= MAX_NAME_LENGTH && this.tables.size < MAX_TABLES) this.tables.add(path);
  }

  private isInsideTable(path: string): boolean {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (this.tables.has(path.slice(0, end))) return true;
    }
    return false;
  }
}

/** A link is allowed when its target is inside the archive: weblogs have links between their own pages. */
function unsafeReason({ path, type, linkPath }: TarEntry): string | null {
  if (path.startsWith('/')) return 'an absolute path';
  if (path.split('/').includes('..')) return 'a path with ".."';
  if (HARMLESS.has(type)) return null;
  if (type !== 'symlink' && type !== 'hardlink') return `a ${type}`;
  return linkPath !== null && staysInside(type === 'symlink' ? path : '', linkPath)
    ? null
    : 'a link to a place outside it';
}

function staysInside(path: string, target: string): boolean {
  if (target.startsWith('/')) return false;
  let depth = path.split('/').filter((name) => name !== '' && name !== '.').length - (path === '' ? 0 : 1);
  for (const name of target.split('/')) {
    if (name === '..') depth--;
    else if (name !== '' && name !== '.') depth++;
    if (depth < 0) return false;
  }
  return true;
}

/** Directories with the set-group-id mode are common: their files get the group of the project. */
function isProgramOfOther({ type, mode }: TarEntry): boolean {
  return (type === 'file' || type === 'contiguous-file') && setsId(mode);
}
