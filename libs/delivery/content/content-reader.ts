import type { ReadingProblem } from '../readers/reading';
import type { ContentKind, FileContent } from './file-content';

/** Takes the content of one file, in order. A chunk has to hold its bytes during the call only. */
export interface ContentSink {
  data(chunk: Uint8Array): void;
  end(): void;
}

/** Looks into one file as its content comes by. It never throws: what is wrong is part of the outcome. */
export interface ContentReader {
  data(chunk: Uint8Array): void;
  /** The content is complete. */
  end(): FileContent | Promise<FileContent>;
  /** Gives up: the rest of the content will not come. */
  abandon(): void;
  /** Resolves when some of what waits was taken in; null when hardly any waits. */
  backlog(): Promise<void> | null;
}

/** Reads one kind of file, synchronously: what a `ContentReader` is made of. */
export interface ContentParser {
  readonly kind: ContentKind;
  /** @throws ContentProblem, which ends the reading */
  write(chunk: Uint8Array): void;
  /** @throws ContentProblem */
  end(): FileContent;
}

/** Why a parser stops: the file breaks its format, or is more than is looked into. */
export class ContentProblem extends Error {
  constructor(
    readonly state: 'unreadable' | 'beyond-limits',
    readonly problem: ReadingProblem,
  ) {
    super(`expected ${problem.expected}, found ${problem.found}`);
  }
}

/** The outcome of an error a parser threw. An error of another class is a parser's fault, yet ends this file only. */
export function outcomeOf(kind: ContentKind, error: unknown): FileContent {
  if (error instanceof ContentProblem) {
    const { state, problem } = error;
    return state === 'unreadable' ? { state, kind, problem } : { state, problem };
  }
  return { state: 'unreadable', kind, problem: { expected: 'a file that can be read', found: String(error) } };
}

/** Gives the bytes to the parser as they come. */
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
