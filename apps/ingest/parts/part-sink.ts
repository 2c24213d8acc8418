import { setImmediate as turn } from 'node:timers/promises';
import type { ManifestFile } from '@almagest/contracts';
import type { DeliveryInspection, InspectedFile, PartInspection } from '@almagest/delivery';
import { type TarEntry, type TarEntrySink, TarError, TarReader } from '@almagest/tar';
import type { PartHashes } from '../hashing/hash-threads';

/** Bytes that are decoded without a break: 256 headers of empty files. */
const SLICE = 128 * 1024;
/** Milliseconds of decoding after which other work of the process continues. */
const TURN_MS = 20;

/** A part as a whole. */
export interface PartDigest {
  /** Bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** What one pass over a part finds out. */
export interface PartFacts extends PartDigest {
  files: FoundFile[];
}

/** A file of a part: its line in the manifest, without what it shows if it is an image, and how it was classified. */
export interface FoundFile {
  line: Omit<ManifestFile, 'image'>;
  inspected: InspectedFile;
}

/** Takes the bytes of a part in one pass, and returns at the end what they were. */
export interface PartSink<Facts extends PartDigest> {
  /** False once nothing more of the part needs to be stored; it is still read to its end. */
  readonly isWorthStoring: boolean;
  /** Takes the next chunk, and resolves when more may follow. */
  write(chunk: Uint8Array): Promise<void>;
  finish(): Promise<Facts>;
}

/** Finds out the size and digest of a part whose contents are known. */
export class DigestSink implements PartSink<PartDigest> {
  readonly isWorthStoring = true;
  private size = 0;

  constructor(private readonly hashes: PartHashes) {}

  async write(chunk: Uint8Array): Promise<void> {
    this.size += chunk.length;
    this.hashes.beginChunk(chunk);
    this.hashes.flushMembers();
  }

  async finish(): Promise<PartDigest> {
    return { size: this.size, sha256: await this.hashes.finish() };
  }
}

/**
 * Finds out everything about a part in one pass: its digest, the place and digest of each file, and what the delivery
 * standard checks. Two threads do the hashing, so that this one has time for the archive's structure and the standard
 * (docs/adr/0010).
 */
export class InspectingSink implements PartSink<PartFacts> {
  private readonly files: FoundFile[] = [];
  private readonly tar: TarReader;
  private broken: TarError | undefined;
  private size = 0;

  constructor(
    private readonly inspection: DeliveryInspection,
    private readonly part: PartInspection,
    private readonly hashes: PartHashes,
    private readonly signal: AbortSignal,
  ) {
    this.tar = new TarReader({ onEntry: (entry) => this.onEntry(entry) });
  }

  /** False once the bytes are known to be no tar archive. */
  get isWorthStoring(): boolean {
    return this.broken === undefined;
  }

  /**
   * Hashes a broken archive to its end: its digest shows whether it was posted broken or damaged in transfer.
   * @throws the reason of the signal
   */
  async write(chunk: Uint8Array): Promise<void> {
    this.size += chunk.length;
    this.hashes.beginChunk(chunk);
    let begun = performance.now();
    for (let at = 0; at < chunk.length; at += SLICE) {
      const pieces = this.tar.pieces(chunk.subarray(at, at + SLICE));
      for (let isDone = false; !isDone;) {
        isDone = this.decode(() => pieces.next().done) ?? true;
        await this.inspection.backlog();
        if (performance.now() - begun < TURN_MS) continue;
        this.hashes.flushMembers();
        // A hole needs no reading: without this wait, all of it would still have to be hashed.
        if (!isDone) await this.hashes.membersDone();
        await turn();
        this.signal.throwIfAborted();
        begun = performance.now();
      }
    }
    this.hashes.flushMembers();
  }

  async finish(): Promise<PartFacts> {
    this.decode(() => this.tar.end());
    this.part.close(this.broken);
    return { size: this.size, sha256: await this.hashes.finish(), files: this.files };
  }

  /** Does nothing once the archive is broken. */
  private decode<T>(step: () => T): T | undefined {
    if (this.broken !== undefined) return undefined;
    try {
      return step();
    } catch (error) {
      if (!(error instanceof TarError)) throw error;
      this.broken = error;
      return undefined;
    }
  }

  private onEntry(entry: TarEntry): TarEntrySink | null {
    const { file, content } = this.part.entry(entry);
    if (file === null || file.role === 'litter') return null;
    return {
      data: (chunk) => {
        this.hashes.updateMember(chunk);
        content?.data(chunk);
      },
      end: () => {
        content?.end();
        this.hashes.endMember((sha256) =>
          this.files.push({
            line: {
              kind: 'file',
              path: memberPath(entry.path),
              offset: entry.offset,
              size: entry.size,
              sha256,
              item: file.item,
              role: file.role,
              segments: entry.segments === null ? null : [...entry.segments],
            },
            inspected: file,
          }),
        );
      },
    };
  }
}

/** Returns a file's path in the manifest: without the leading `./` that some archives have. */
function memberPath(stored: string): string {
  return stored.replace(/^(?:\.\/+)+/, '');
}
