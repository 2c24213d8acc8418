import type { Classification } from '@almagest/delivery';

/** A file as it was classified. `container` counts the parts in the order they were opened; a tree is one. */
export interface LoggedFile {
  container: number;
  path: string;
  size: number;
  file: Classification;
}

/** Every file of a delivery as it was classified. */
export class FileLog {
  private containers = 0;
  private readonly logged: LoggedFile[] = [];

  /** Begins a part or a tree and gives its index. */
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
