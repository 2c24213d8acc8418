import { abortable } from '@almagest/platform';
import type { Source, SourceReader } from './source';
import { SourceError } from './source.error';

/** A server was not asked, because it has just not answered another transfer. That is no failure of this one. */
export class SilentServerError extends Error {
  constructor(
    server: string,
    /** Milliseconds after which the transfer can run again. */
    readonly afterMs: number,
  ) {
    super(`${server} has not answered within the time-out, and is not asked again yet`);
    this.name = 'SilentServerError';
  }
}

/** What is known about a server that has not answered. */
interface Silence {
  /** When it may be asked again, in the time of `performance.now()`. */
  readonly until: number;
  /** The transfer that asks it again. */
  asking: Turn | null;
}

interface Turn {
  /** Settles when the transfer has an answer, or has ended. */
  ended: Promise<void>;
  end: () => void;
}

/**
 * Remembers the servers that have not answered, so that the deliveries of one of them do not take every slot in turn: such
 * a server is asked again after a pause, by one transfer, and the others wait for that answer. If there is none, they
 * give their slots back immediately.
 */
export class SilentServers {
  private readonly silent = new Map<string, Silence>();

  /** @param pause milliseconds until a server that has not answered is asked again */
  constructor(private readonly pause: number) {}

  /** Returns the source of a file on a server; opening it throws SilentServerError while the server is silent. */
  guarded(server: string, source: Source): Source {
    return {
      open: async (signal) => {
        const asking = await this.turn(server, signal);
        return this.noting(server, await source.open(signal), asking?.end ?? null);
      },
    };
  }

  /** Resolves when the server may be asked; returns null unless it is silent so far. */
  private async turn(server: string, signal: AbortSignal): Promise<Turn | null> {
    for (;;) {
      const silence = this.silent.get(server);
      if (silence === undefined) return null;
      if (performance.now() < silence.until) throw new SilentServerError(server, this.pause);
      if (silence.asking === null) return newTurn(silence);
      await abortable(silence.asking.ended, signal, () => undefined);
      signal.throwIfAborted();
    }
  }

  /** @param end ends the turn of this reader, if it is the one to ask a silent server again */
  private noting(server: string, reader: SourceReader, end: (() => void) | null): SourceReader {
    let isAnswered = false;
    return {
      read: async (into) => {
        try {
          const length = await reader.read(into);
          isAnswered = true;
          this.silent.delete(server);
          return length;
        } catch (error) {
          if (!isAnswered && error instanceof SourceError) this.noteFailure(server, error);
          throw error;
        } finally {
          end?.();
        }
      },
      close: async () => {
        end?.();
        await reader.close();
      },
    };
  }

  private noteFailure(server: string, { isSilence }: SourceError): void {
    if (isSilence) this.silent.set(server, { until: performance.now() + this.pause, asking: null });
    else this.silent.delete(server);
  }
}

/** Begins the turn of a transfer that asks a silent server again. */
function newTurn(silence: Silence): Turn {
  const turn: Turn = { ended: Promise.resolve(), end: () => undefined };
  turn.ended = new Promise((resolve) => {
    turn.end = () => {
      if (silence.asking === turn) silence.asking = null;
      resolve();
    };
  });
  silence.asking = turn;
  return turn;
}
