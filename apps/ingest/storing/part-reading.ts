import type { ManifestFile } from '@almagest/contracts';
import type { DeliveryInspection, PartInspection } from '@almagest/delivery';
import { type TarEntry, type TarEntrySink, TarError, TarReader } from '@almagest/tar';
import type { HashPair } from '../hashing/hash-pair';
import type { PartDigest, Reading } from './reading';

/** A file's path in the manifest: without the `./` in front that some archives have. */
export function memberPath(stored: string): string {
  return stored.replace(/^(?:\.\/+)+/, '');
}

/** What one pass over a part found out. */
export interface PartFacts extends PartDigest {
  files: ManifestFile[];
}

/**
 * Everything that is learnt from a part's bytes on the one pass: the digest of the part, where each file lies and its
 * digest, and what the delivery standard wants to see. Push bytes in, ask for the facts at the end. Hashing is done by
 * two threads, so that this one has time for the archive's structure and the standard (docs/adr/0010).
 */
export class PartReading implements Reading<PartFacts> {
  private readonly files: ManifestFile[] = [];
  private readonly tar: TarReader;
  private broken: TarError | undefined;
  private size = 0;

  constructor(
    private readonly inspection: DeliveryInspection,
    private readonly part: PartInspection,
    private readonly threads: HashPair,
  ) {
    this.tar = new TarReader({ onEntry: (entry) => this.onEntry(entry) });
  }

  /** False once the bytes are known to be no archive: nothing of them needs to be stored. */
  get isSound(): boolean {
    return this.broken === undefined;
  }

  /** A broken archive is read on for its digest: was it broken as sent, or on the way? */
  async write(chunk: Uint8Array): Promise<void> {
    this.size += chunk.length;
    this.threads.begin(chunk);
    this.decode(() => this.tar.write(chunk));
    this.threads.end();
    await this.inspection.backlog();
  }

  async finish(): Promise<PartFacts> {
    this.decode(() => this.tar.end());
    this.part.close(this.broken);
    return { size: this.size, sha256: await this.threads.finish(), files: this.files };
  }

  private decode(step: () => void): void {
    if (this.broken !== undefined) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof TarError)) throw error;
      this.broken = error;
    }
  }

  private onEntry(entry: TarEntry): TarEntrySink | null {
    const { file, content } = this.part.entry(entry);
    if (file === null) return null;
    return {
      data: (chunk) => {
        this.threads.member(chunk);
        content?.data(chunk);
      },
      end: () => {
        content?.end();
        this.threads.endMember((sha256) =>
          this.files.push({
            kind: 'file',
            path: memberPath(entry.path),
            offset: entry.offset,
            size: entry.size,
            sha256,
            item: file.item,
            role: file.role,
            segments: entry.segments === null ? null : [...entry.segments],
          }),
        );
      },
    };
  }
}
