import type { ReadingProblem } from '../readers/reading';
import type { ContentKind, FileContent } from './file-content';

/** Receives the content of one file, in order. A chunk may be reused after the call. */
export interface ContentSink {
  data(chunk: Uint8Array): void;
  end(): void;
}

/** Inspects one file while its content streams by. It never throws: a fault is part of the outcome. */
export interface ContentReader {
  data(chunk: Uint8Array): void;
  /** The content is complete. */
  end(): FileContent | Promise<FileContent>;
  /** Stops reading: no more content will arrive. */
  abandon(): void;
  /** Resolves when some of the queued content has been processed; null when the queue is short. */
  backlog(): Promise<void> | null;
}

/** Parses one kind of file synchronously. A `ContentReader` wraps it. */
export interface ContentParser {
  readonly kind: ContentKind;
  /** @throws ContentProblem, which ends the reading */
  write(chunk: Uint8Array): void;
  /** @throws ContentProblem */
  end(): FileContent;
}

/** Why a parser stops: the file breaks its format, or exceeds the limits of inspection. */
export class ContentProblem extends Error {
  constructor(
    readonly state: 'unreadable' | 'beyond-limits',
    readonly problem: ReadingProblem,
  ) {
    super(`expected ${problem.expected}, found ${problem.found}`);
  }
}

/** Converts an error thrown by a parser to an outcome. Any other error class is a bug, but affects this file only. */
export function outcomeOf(kind: ContentKind, error: unknown): FileContent {
  if (error instanceof ContentProblem) {
    const { state, problem } = error;
    return state === 'unreadable' ? { state, kind, problem } : { state, problem };
  }
  return { state: 'unreadable', kind, problem: { expected: 'a file that can be read', found: String(error) } };
}

/** Passes the bytes to the parser as they arrive. */
export class DirectContentReader implements ContentReader {
  private outcome: FileContent | null = null;

  constructor(private readonly parser: ContentParser) {}

  data(chunk: Uint8Array): void {
    if (this.outcome) return;
    try {
      this.parser.write(chunk);
    } catch (error) {
      this.outcome = outcomeOf(this.parser.kind, error);
    }
  }

  end(): FileContent {
    if (this.outcome) return this.outcome;
    try {
      return this.parser.end();
    } catch (error) {
      return outcomeOf(this.parser.kind, error);
    }
  }

  abandon(): void {
    this.outcome = outcomeOf(this.parser.kind, new Error('only part of the content was read'));
  }

  backlog(): null {
    return null;
  }
}
