import type { TarEntry, TarEntrySink, TarSummary } from '../tar-entry';
import { BLOCK, DEFAULT_TAR_LIMITS, END_BLOCKS, firstNonZero, paddingAfter, TarLimits } from '../tar-format';
import { TarError } from '../tar.error';
import { ExtensionFlag, ExtensionHeaders, isExtensionFlag } from './extension-headers';
import { badChecksumError, foreignFormatError } from './foreign-format';
import { checksumMatches, decodeHeader } from './header-block';
import { Member, resolveMember } from './member';
import { MemberContent } from './member-content';
import { ByteGatherer, ReaderState, truncationError } from './reader-state';
import { PaxSparseMapReader, readExtensionSegments, type SparseMap } from './sparse-map';

export interface TarReaderOptions {
  /**
   * Called for each member, in order, before its content. The returned sink receives the content; null skips it.
   * An error thrown here or by a sink ends the reading, and `write` throws it unchanged.
   */
  onEntry(entry: TarEntry): TarEntrySink | null;
  /** Limits that differ from `DEFAULT_TAR_LIMITS`. */
  limits?: Partial<TarLimits>;
}

/**
 * Reads a tar archive that is written to it in chunks of any size: v7, ustar (POSIX.1-1988), pax (POSIX.1-2001) and GNU
 * tar, including sparse members. It buffers at most one header or extension header, and uses no stream; every call is
 * synchronous. Entries are reported as stored: the caller decides which names and types are acceptable. After an error
 * every call throws that error again.
 */
export class TarReader {
  private readonly limits: TarLimits;
  private readonly extensions: ExtensionHeaders;
  private readonly gatherer = new ByteGatherer();
  private state: ReaderState = { kind: 'header' };
  /** Archive offset of the next byte. */
  private position = 0;
  private entries = 0;
  private holeBytes = 0;
  private endOffset = 0;
  private failure: { cause: unknown } | null = null;

  constructor(private readonly options: TarReaderOptions) {
    this.limits = { ...DEFAULT_TAR_LIMITS, ...options.limits };
    this.extensions = new ExtensionHeaders(this.limits);
  }

  /**
   * Reads the next bytes of the archive. Sinks get views of `chunk`, which may be reused after this call.
   * @throws TarError, or what `onEntry` or a sink threw
   */
  write(chunk: Uint8Array): void {
    const pieces = this.pieces(chunk);
    while (pieces.next().done !== true);
  }

  /**
   * Reads the next bytes of the archive as `write` does, and stops after each piece of a hole, at most `ZEROS.length`
   * bytes: a hole takes no storage, so that a few bytes can pass many GiB of zeros to a sink. A caller with other work
   * to do gives it a turn there, and must then continue to the end of the chunk.
   * @throws TarError, or what `onEntry` or a sink threw
   */
  *pieces(chunk: Uint8Array): Generator<void, void> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length || this.isInHole;) {
      const isHole = this.isInHole;
      at += this.guard(() => this.step(bytes, at));
      if (isHole) yield;
    }
  }

  /**
   * Ends the archive. No call is allowed after it.
   * @throws TarError when the archive is truncated, empty or not a tar
   */
  end(): TarSummary {
    return this.guard(() => {
      if (this.state.kind !== 'trailing') throw this.prematureEnd();
      this.failure = { cause: new TarError('tar.reader-closed', { expected: 'no call after end()', found: 'a call' }) };
      const padding = this.position - this.endOffset - END_BLOCKS;
      return { entries: this.entries, bytes: this.position, endOffset: this.endOffset, padding };
    });
  }

  private guard<T>(action: () => T): T {
    if (this.failure) throw this.failure.cause;
    try {
      return action();
    } catch (error) {
      this.failure = { cause: error };
      throw error;
    }
  }

  private prematureEnd(): TarError {
    if (this.position === 0)
      return new TarError('tar.empty', { at: 0, expected: 'a tar archive', found: 'an empty file' });
    const gathered = this.gatherer.partial;
    const isFirstHeader = this.position < BLOCK;
    if (isFirstHeader && firstNonZero(gathered) >= 0) return foreignFormatError(gathered);
    return truncationError(this.state, this.position, gathered);
  }

  private get isInHole(): boolean {
    return this.state.kind === 'content' && this.state.content.isInHole;
  }

  /** Consumes bytes of `bytes` from `at` on, and returns how many: none when it passes a piece of a hole instead. */
  private step(bytes: Buffer, at: number): number {
    const state = this.state;
    switch (state.kind) {
      case 'content': {
        const length = state.content.take(bytes, at);
        this.position += length;
        this.endIfComplete(state);
        return length;
      }
      case 'padding': {
        const length = Math.min(state.left, bytes.length - at);
        this.position += length;
        state.left -= length;
        if (state.left === 0) this.gather({ kind: 'header' });
        return length;
      }
      case 'trailing':
        return this.onTrailing(bytes, at);
      case 'header':
      case 'second-zero-block':
      case 'extension-body':
      case 'sparse-blocks':
      case 'sparse-map': {
        const length = this.gatherer.take(bytes, at);
        this.position += length;
        const whole = this.gatherer.whole;
        if (whole) this.onGathered(state, whole, this.position - whole.length);
        return length;
      }
    }
  }

  private onGathered(
    state: Exclude<ReaderState, { kind: 'content' | 'padding' | 'trailing' }>,
    bytes: Buffer,
    at: number,
  ): void {
    switch (state.kind) {
      case 'header':
        return this.onHeader(bytes, at);
      case 'extension-body':
        this.extensions.add(state.flag, bytes, state.headerOffset, at);
        return this.skipPadding(paddingAfter(state.size), null);
      case 'sparse-blocks': {
        const more = readExtensionSegments(bytes, at, state.map);
        return more ? this.gather(state) : this.openMember(state.member, state.map, state.member.dataBytes);
      }
      case 'sparse-map': {
        const map = state.reader.add(bytes);
        const left = state.left - BLOCK;
        return map ? this.openMember(state.member, map, left) : this.gatherMap(state.member, state.reader, left);
      }
      case 'second-zero-block':
        if (firstNonZero(bytes) >= 0) throw trailingGarbage(at + firstNonZero(bytes));
        this.state = { kind: 'trailing' };
    }
  }

  private gather(state: ReaderState, length = BLOCK): void {
    this.state = state;
    this.gatherer.expect(length);
  }

  private onHeader(block: Buffer, at: number): void {
    if (firstNonZero(block) < 0) return this.onEndOfArchive(at);
    if (!checksumMatches(block)) throw at === 0 ? foreignFormatError(block) : badChecksumError(at);
    const header = decodeHeader(block, at);
    if (isExtensionFlag(header.typeflag)) return this.gatherExtension(header.typeflag, header.size, at);
    const member = resolveMember(header, this.extensions.take(), block, at, this.limits);
    this.countMember(member);
    const { map } = member;
    if (member.mapSource === 'data') {
      const reader = new PaxSparseMapReader(this.position, this.limits.maxSparseSegments);
      this.gatherMap(member, reader, member.dataBytes);
    } else if (member.mapSource === 'extension-blocks' && map) {
      this.gather({ kind: 'sparse-blocks', member, map });
    } else {
      this.openMember(member, map, member.dataBytes);
    }
  }

  private onEndOfArchive(at: number): void {
    const waiting = this.extensions.waitingSince;
    if (waiting !== null) {
      const expected = `the member that the extension header at byte ${waiting} describes`;
      throw new TarError('tar.bad-header', { at, expected, found: 'the end of the archive' });
    }
    this.endOffset = at;
    this.gather({ kind: 'second-zero-block' });
  }

  private countMember(member: Member): void {
    if (++this.entries <= this.limits.maxEntries) return;
    const expected = `at most ${this.limits.maxEntries} members`;
    throw new TarError('tar.too-many-entries', { at: member.headerOffset, expected, found: 'more' });
  }

  private gatherExtension(flag: ExtensionFlag, size: number, headerOffset: number): void {
    if (size > this.limits.maxMetadataBytes) {
      const expected = `an extension header of at most ${this.limits.maxMetadataBytes} bytes`;
      throw new TarError('tar.oversize-metadata', { at: headerOffset, expected, found: `${size} bytes` });
    }
    if (size > 0) return this.gather({ kind: 'extension-body', flag, headerOffset, size }, size);
    this.extensions.add(flag, Buffer.alloc(0), headerOffset, this.position);
    this.gather({ kind: 'header' });
  }

  private gatherMap(member: Member, reader: PaxSparseMapReader, left: number): void {
    if (left < BLOCK) {
      const [expected, found] = ['a sparse map within the stored data', 'one that continues after it'];
      throw new TarError('tar.bad-sparse-map', { at: this.position, path: member.path, expected, found });
    }
    this.gather({ kind: 'sparse-map', member, reader, left });
  }

  /** Reports to the caller a member whose data begin here. */
  private openMember(member: Member, map: SparseMap | null, storedSize: number): void {
    const offset = this.position;
    const segments = map && map.layOut(member.size, offset, storedSize);
    if (segments) this.countHoles(member, storedSize);
    const { path, pathFlaw, type, size, mode, mtime, linkPath, headerOffset } = member;
    const entry = { path, pathFlaw, type, size, offset, storedSize, segments, mode, mtime, linkPath, headerOffset };
    const content = new MemberContent(entry, this.options.onEntry(entry));
    this.state = { kind: 'content', entry, content, padding: paddingAfter(member.dataBytes) };
    this.endIfComplete(this.state);
  }

  private countHoles(member: Member, storedSize: number): void {
    this.holeBytes += member.size - storedSize;
    if (this.holeBytes <= this.limits.maxHoleBytes) return;
    const expected = `holes of at most ${this.limits.maxHoleBytes} bytes in all sparse members together`;
    const found = `${this.holeBytes} bytes`;
    throw new TarError('tar.too-large', { at: member.headerOffset, path: member.path, expected, found });
  }

  private endIfComplete({ content, padding, entry }: Extract<ReaderState, { kind: 'content' }>): void {
    if (content.bytesLeft > 0 || content.isInHole) return;
    content.end();
    this.skipPadding(padding, entry.path);
  }

  private skipPadding(length: number, path: string | null): void {
    if (length > 0) this.state = { kind: 'padding', left: length, path };
    else this.gather({ kind: 'header' });
  }

  /** Any number of zeros may follow, since writers pad the last record. */
  private onTrailing(bytes: Buffer, from: number): number {
    const garbage = firstNonZero(bytes, from);
    if (garbage >= 0) throw trailingGarbage(this.position + garbage - from);
    this.position += bytes.length - from;
    return bytes.length - from;
  }
}

function trailingGarbage(at: number): TarError {
  const expected = 'only zeros after the end of the archive';
  return new TarError('tar.trailing-garbage', { at, expected, found: 'other data' });
}
