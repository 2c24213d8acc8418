import type { Classification } from '@almagest/delivery';

/** A classified file. `container` is the index of its part in opening order; 0 for a tree. */
export interface LoggedFile {
  container: number;
  path: string;
  size: number;
  file: Classification;
}

/** Collects every classified file of a delivery. */
export class FileLog {
  private containers = 0;
  private readonly logged: LoggedFile[] = [];

  /** Starts a part or a tree and returns its index. */
  openContainer(): number {
    return this.containers++;
  }

  add(container: number, { path, size }: { path: string; size: number }, file: Classification): void {
    this.logged.push({ container, path, size, file });
  }

  get files(): readonly LoggedFile[] {
    return this.logged;
  }
}
