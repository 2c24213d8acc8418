import { isSparseKeyword, PaxSparse, readPaxSparse, SPARSE_NAME } from './pax-sparse-keywords';
import { parsePaxRecords, PaxRecord } from '../pax-records';
import type { TarLimits } from '../tar-limits';
import { TarError } from '../tar.error';
import { upToNul } from './stored-name';

/** What the extension headers before a member say of it; null where they say nothing. */
export interface MemberExtensions {
  path: Buffer | null;
  linkPath: Buffer | null;
  size: number | null;
  /** Milliseconds since 1970. */
  mtime: number | null;
  sparse: PaxSparse | null;
  /** Archive offset of the first of them; null when there was none. */
  headerOffset: number | null;
}

/** Type flags of the headers that speak about the next member. Solaris' `X` is pax's `x`. */
export type ExtensionFlag = 'x' | 'X' | 'g' | 'L' | 'K';

export function isExtensionFlag(flag: string): flag is ExtensionFlag {
  return flag === 'x' || flag === 'X' || flag === 'g' || flag === 'L' || flag === 'K';
}

/** Keywords that a global header may set for every member that follows. */
const GLOBAL = ['path', 'linkpath', 'mtime'] as const;

interface PaxBody {
  records: PaxRecord[];
  at: number;
}

/**
 * Gathers pax headers (`x`, `g`) and GNU long names (`L`, `K`) until their member comes. What programs are known to
 * read in different ways is refused: two headers of one kind, a long name beside a pax path, a global size.
 */
export class ExtensionHeaders {
  private readonly globals = new Map<string, Buffer>();
  private longName: Buffer | null = null;
  private longLink: Buffer | null = null;
  private pax: PaxBody | null = null;
  private first: number | null = null;

  constructor(private readonly limits: TarLimits) {}

  /** Archive offset of the first extension header that still waits for its member; null when none does. */
  get waitingSince(): number | null {
    return this.first;
  }

  /**
   * Takes one extension header.
   * @param header archive offset of its header block
   * @param at archive offset of its body
   * @throws TarError `tar.bad-pax`, `tar.ambiguous-header`
   */
  add(flag: ExtensionFlag, body: Buffer, header: number, at: number): void {
    if (flag === 'g') {
      this.setGlobals(parsePaxRecords(body, at), at);
      return;
    }
    this.first ??= header;
    if (flag === 'L') this.longName = once(this.longName, Buffer.from(upToNul(body)), header, 'GNU long name');
    else if (flag === 'K') this.longLink = once(this.longLink, Buffer.from(upToNul(body)), header, 'GNU long link');
    else this.pax = once(this.pax, { records: parsePaxRecords(Buffer.from(body), at), at }, header, 'pax header');
  }

  /**
   * Hands over what was gathered for the member that now comes, and forgets it.
   * @throws TarError `tar.bad-pax`, `tar.ambiguous-header`, `tar.bad-sparse-map`, `tar.oversize-metadata`
   */
  take(): MemberExtensions {
    const { records, at } = this.pax ?? { records: [], at: 0 };
    const value = this.lookup(records);
    const path = value(SPARSE_NAME) ?? value('path');
    const linkPath = value('linkpath');
    const size = value('size');
    const mtime = value('mtime');
    const extensions: MemberExtensions = {
      path: either(this.longName, path, this.first, 'name'),
      linkPath: either(this.longLink, linkPath, this.first, 'link target'),
      size: size && paxSize(size.toString('latin1'), at),
      mtime: mtime && paxTime(mtime.toString('latin1'), at),
      sparse: readPaxSparse(records, at, this.limits),
      headerOffset: this.first,
    };
    this.longName = this.longLink = this.pax = this.first = null;
    return extensions;
  }

  /** The last record of a keyword counts; an empty value takes back what a global header set. */
  private lookup(records: readonly PaxRecord[]): (keyword: string) => Buffer | null {
    const own = new Map(records.map(({ keyword, value }) => [keyword, value]));
    return (keyword) => {
      const found = own.get(keyword) ?? this.globals.get(keyword);
      return found?.length ? found : null;
    };
  }

  private setGlobals(records: readonly PaxRecord[], at: number): void {
    for (const { keyword } of records) {
      if (keyword === 'size' || keyword === SPARSE_NAME || isSparseKeyword(keyword)) {
        const expected = 'no sizes or sparse maps in a global pax header';
        throw new TarError('tar.ambiguous-header', { at, expected, found: keyword });
      }
    }
    for (const keyword of GLOBAL) {
      const last = records.findLast((record) => record.keyword === keyword);
      if (last) this.globals.set(keyword, Buffer.from(last.value));
    }
  }
}

function once<T>(before: T | null, now: T, at: number, kind: string): T {
  if (before === null) return now;
  throw new TarError('tar.ambiguous-header', { at, expected: `one ${kind} for a member`, found: 'two' });
}

function either(long: Buffer | null, pax: Buffer | null, at: number | null, what: string): Buffer | null {
  if (!long || !pax) return long ?? pax;
  const found = 'both a GNU long one and a pax one';
  throw new TarError('tar.ambiguous-header', { at: at ?? undefined, expected: `one ${what} for a member`, found });
}

function paxSize(text: string, at: number): number {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(size)) return size;
  const found = JSON.stringify(text.slice(0, 40));
  throw new TarError('tar.bad-size', { at, expected: 'a size from 0 to 2^53 - 1 bytes in a pax header', found });
}

/** `1421744400.25` seconds since 1970, negative before it, as milliseconds; further digits are dropped. */
function paxTime(text: string, at: number): number {
  const match = /^(-?)(\d{1,16})(?:\.(\d{0,32}))?$/.exec(text);
  if (!match) {
    const found = JSON.stringify(text.slice(0, 40));
    throw new TarError('tar.bad-pax', { at, expected: 'seconds with an optional fraction as mtime', found });
  }
  const [, sign, seconds = '', fraction = ''] = match;
  const milliseconds = Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return sign ? -milliseconds : milliseconds;
}
