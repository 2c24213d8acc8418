/** Runs of the job after which a source's trouble is a refusal: at once, after some seconds, or after about an hour. */
const TRIES = { 'at once': 1, soon: 3, late: 8 } as const;

/** Why bytes could not be had, and how long that is borne. */
const PATIENCE = {
  /** The configuration does not let this archive read there. */
  'source.not-allowed': 'at once',
  /** Not a thing that bytes can be read from, or an answer that makes no sense. */
  'source.unusable': 'at once',
  'source.not-found': 'soon',
  'source.denied': 'soon',
  /** A server that sends a page for people, such as one to log in, in place of the file. */
  'source.web-page': 'soon',
  /** A server that has a file of another length under this name. */
  'source.other-length': 'soon',
  /** The bytes are not those whose checksum the place keeps. */
  'source.corrupt': 'soon',
  /** The file became another one while it was read. */
  'source.changed': 'soon',
  /** The answer broke off, and the server does not say what a next one would have to be the rest of. */
  'source.not-resumable': 'late',
  /** Nobody answers, or the answer breaks off. */
  'source.unavailable': 'late',
} as const satisfies Record<string, keyof typeof TRIES>;

export type SourceErrorCode = keyof typeof PATIENCE;

/** A place that does not give what it should. The message names the place, never a credential. */
export class SourceError extends Error {
  readonly retryable: boolean;
  /** Runs of the job after which the delivery is refused. */
  readonly tries: number;
  /** For a report, where there is more to say than the message does. */
  readonly expected: string | null;
  readonly found: string | null;
  /** The part that was to be read, once that is known. */
  part: string | null = null;

  constructor(
    readonly code: SourceErrorCode,
    message: string,
    details: { cause?: unknown; expected?: string; found?: string } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'SourceError';
    this.tries = TRIES[PATIENCE[code]];
    this.retryable = this.tries > 1;
    this.expected = details.expected ?? null;
    this.found = details.found ?? null;
  }
}
