import { createHash, type Hash } from 'node:crypto';
import type { ManifestFile } from '@almagest/contracts';
import type { DeliveryInspection, PartInspection } from '@almagest/delivery';
import { type TarEntry, type TarEntrySink, TarError, TarReader } from '@almagest/tar';

/** What one pass over a part found out. */
export interface PartFacts {
  size: number;
  /** Hexadecimal. */
  sha256: string;
  files: ManifestFile[];
}

/**
 * Everything that is learnt from a part's bytes on the one pass: the digest of the part, where each file lies and its
 * digest, and what the delivery standard wants to see. Push bytes in, ask for the facts at the end.
 */
export class PartReading {
  private readonly hash: Hash = createHash('sha256');
  private readonly files: ManifestFile[] = [];
  private readonly tar: TarReader;
  private readonly part: PartInspection;
  private broken: TarError | undefined;
  private size = 0;

  constructor(
    name: string,
    private readonly inspection: DeliveryInspection,
  ) {
    this.part = inspection.openPart(name);
    this.tar = new TarReader({ onEntry: (entry) => this.onEntry(entry) });
  }

  /** False once the bytes are known to be no archive: nothing of them needs to be stored. */
  get isSound(): boolean {
    return this.broken === undefined;
  }

  /** Takes the next bytes. A broken archive is read on for its digest: was it broken as sent, or on the way? */
  async write(bytes: Uint8Array): Promise<void> {
    this.size += bytes.length;
    this.hash.update(bytes);
    this.decode(() => this.tar.write(bytes));
    await this.inspection.backlog();
  }

  finish(): PartFacts {
    this.decode(() => this.tar.end());
    this.part.close(this.broken);
    return { size: this.size, sha256: this.hash.digest('hex'), files: this.files };
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
    const hash = createHash('sha256');
    return {
      data: (chunk) => {
        hash.update(chunk);
        content?.data(chunk);
      },
      end: () => {
        content?.end();
        this.files.push({
          kind: 'file',
          path: entry.path.replace(/^(?:\.\/+)+/, ''),
          offset: entry.offset,
          size: entry.size,
          sha256: hash.digest('hex'),
          item: file.item,
          role: file.role,
          segments: entry.segments === null ? null : [...entry.segments],
        });
      },
    };
  }
}
