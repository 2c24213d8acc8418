import { parsePaxRecords, PaxRecord } from '../pax-records';
import type { TarLimits } from '../tar-format';
import { quote, TarError } from '../tar.error';
import { upToNul } from './header-block';
import { isSparseKeyword, PaxSparse, readPaxSparse, SPARSE_NAME } from './sparse-map';

/** The values in the extension headers before a member; null where they have none. */
export interface MemberExtensions {
  path: Buffer | null;
  linkPath: Buffer | null;
  size: number | null;
  /** Milliseconds since 1970. */
  mtime: number | null;
  sparse: PaxSparse | null;
  /** Archive offset of the first extension header; null when there was none. */
  headerOffset: number | null;
}

/** Type flags of the headers that describe the next member. Solaris' `X` is pax's `x`. */
export type ExtensionFlag = 'x' | 'X' | 'g' | 'L' | 'K';

export function isExtensionFlag(flag: string): flag is ExtensionFlag {
  return flag === 'x' || flag === 'X' || flag === 'g' || flag === 'L' || flag === 'K';
}

/** Keywords that a global header may set for all members that follow. */
const GLOBAL = ['path', 'linkpath', 'mtime'] as const;

interface PaxBody {
  records: PaxRecord[];
  at: number;
}

/**
 * Gathers pax headers (`x`, `g`) and GNU long names (`L`, `K`) until their member arrives. Refuses what programs are
 * known to read in different ways: two headers of one kind, a long name and a pax path together, a global size.
 */
export class ExtensionHeaders {
  private readonly globals = new Map<string, Buffer>();
  private longName: Buffer | null = null;
  private longLink: Buffer | null = null;
  private pax: PaxBody | null = null;
  private first: number | null = null;

  constructor(private readonly limits: TarLimits) {}

  /** Archive offset of the first extension header without its member so far; null when there is none. */
  get waitingSince(): number | null {
    return this.first;
  }

  /**
   * Adds one extension header.
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
    if (flag === 'L') this.longName = onlyOne(this.longName, Buffer.from(upToNul(body)), header, 'GNU long name');
    else if (flag === 'K') this.longLink = onlyOne(this.longLink, Buffer.from(upToNul(body)), header, 'GNU long link');
    else this.pax = onlyOne(this.pax, { records: parsePaxRecords(Buffer.from(body), at), at }, header, 'pax header');
  }

  /**
   * Returns the values gathered for the next member, and clears them.
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
      path: oneOf(this.longName, path, this.first, 'name'),
      linkPath: oneOf(this.longLink, linkPath, this.first, 'link target'),
      size: size && paxSize(size.toString('latin1'), at),
      mtime: mtime && paxTime(mtime.toString('latin1'), at),
      sparse: readPaxSparse(records, at, this.limits),
      headerOffset: this.first,
    };
    this.longName = this.longLink = this.pax = this.first = null;
    return extensions;
  }

  /** The last record of a keyword counts; an empty value cancels the value of a global header. */
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
        throw new TarError('tar.ambiguous-header', { at, expected, found: `the keyword ${quote(keyword)}` });
      }
    }
    for (const keyword of GLOBAL) {
      const last = records.findLast((record) => record.keyword === keyword);
      if (last) this.globals.set(keyword, Buffer.from(last.value));
    }
  }
}

function onlyOne<T>(before: T | null, now: T, at: number, kind: string): T {
  if (before === null) return now;
  throw new TarError('tar.ambiguous-header', { at, expected: `only one ${kind} before a member`, found: 'two' });
}

function oneOf(long: Buffer | null, pax: Buffer | null, at: number | null, what: string): Buffer | null {
  if (!long || !pax) return long ?? pax;
  const found = 'one in a GNU header and one in a pax header';
  throw new TarError('tar.ambiguous-header', { at: at ?? undefined, expected: `one ${what} for a member`, found });
}

function paxSize(text: string, at: number): number {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(size)) return size;
  const found = quote(text.slice(0, 40));
  throw new TarError('tar.bad-size', { at, expected: 'a size from 0 to 2^53 - 1 bytes in a pax header', found });
}

/** Converts seconds since 1970 (`1421744400.25`, negative before 1970) to milliseconds; drops further digits. */
function paxTime(text: string, at: number): number {
  const match = /^(-?)(\d{1,16})(?:\.(\d{0,32}))?$/.exec(text);
  if (!match) {
    const found = quote(text.slice(0, 40));
    throw new TarError('tar.bad-pax', { at, expected: 'an mtime in seconds in a pax header', found });
  }
  const [, sign, seconds = '', fraction = ''] = match;
  const milliseconds = Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return sign ? -milliseconds : milliseconds;
}
