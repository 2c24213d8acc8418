import type { FileContent } from './file-content';

/** Takes the content of one file, in order. A chunk has to hold its bytes during the call only. */
export interface ContentSink {
  data(chunk: Uint8Array): void;
  end(): void;
}

/** Looks into one file as its content comes by. It never throws: what is wrong is part of the outcome. */
export interface ContentReader {
  /** The chunk is valid during the call only. */
  data(chunk: Uint8Array): void;
  /** The content is complete. */
  end(): FileContent | Promise<FileContent>;
  /** Gives up: the rest of the content will not come. */
  abandon(): void;
  /** Resolves when the content given was taken in; null when hardly any waits. */
  backlog(): Promise<void> | null;
}
