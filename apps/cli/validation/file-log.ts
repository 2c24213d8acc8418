import { type Classification, MEASURED_ROLES } from '@almagest/delivery';
import type { TarSegment } from '@almagest/tar';

/** Where a file's bytes lie: on its own on disk, or within a tar part. */
export interface StoredFile {
  path: string;
  size: number;
  /** Offset in the part; null for a file on disk. */
  offset: number | null;
  /** Stored stretches of a sparse member; null when all of it is stored. */
  segments: readonly TarSegment[] | null;
}

/** A file as it was classified. `container` counts the parts in the order they were opened. */
export interface LoggedFile extends StoredFile {
  container: number;
  file: Classification;
}

/** Every file of a delivery as it was classified, and where the bytes of its images are to be had again. */
export class FileLog {
  /** Paths on disk: of each part, or of the tree's directory. */
  private readonly containers: string[] = [];
  private readonly logged: LoggedFile[] = [];
  private readonly images = new Map<string, LoggedFile>();

  /** Begins a part or a tree and gives its index. */
  openContainer(path: string): number {
    return this.containers.push(path) - 1;
  }

  add(container: number, { path, size, offset, segments }: StoredFile, file: Classification): void {
    const entry = { container, path, size, offset, segments, file };
    this.logged.push(entry);
    if (MEASURED_ROLES.includes(file.role)) this.images.set(`${container}/${path}`, entry);
  }

  /** The path on disk of a part, or of the tree's directory. */
  pathOf(container: number): string {
    const path = this.containers[container];
    if (path === undefined) throw new RangeError(`there is no part ${container}`);
    return path;
  }

  /** The image of a part that was met with this path last: it is what unpacking leaves. */
  image(container: number, path: string): StoredFile {
    const found = this.images.get(`${container}/${path}`);
    if (found === undefined) throw new RangeError(`${path} is no image of part ${container}`);
    return found;
  }

  get files(): readonly LoggedFile[] {
    return this.logged;
  }
}
