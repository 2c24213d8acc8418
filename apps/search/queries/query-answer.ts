import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip, constants as zlib } from 'node:zlib';
import { Callers } from '@almagest/access';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { TapQuery } from '../tap/tap-query';
import { type Presentation, QueriesService, type QueryResult } from './queries.service';

/** Answers a request with the result of a query, while its rows arrive. */
@Injectable()
export class QueryAnswer {
  constructor(
    private readonly queries: QueriesService,
    private readonly callers: Callers,
  ) {}

  /** @throws as `QueriesService.start`, before the first byte is sent */
  async send(query: TapQuery, request: Request, response: Response, presentation?: Presentation): Promise<void> {
    await this.stream(request, response, query.format.mediaType, (caller, signal) =>
      this.queries.start(query, caller, signal, undefined, presentation),
    );
  }

  /**
   * Sends a result, compressed if the client accepts that, and ends it when the client has gone.
   * @throws the error of `start`, before the first byte is sent
   */
  async stream(
    request: Request,
    response: Response,
    mediaType: string,
    start: (caller: string, signal: AbortSignal) => Promise<QueryResult>,
  ): Promise<void> {
    const gone = goneSignal(response);
    try {
      const result = await start(await this.callerOf(request), gone);
      try {
        response.type(mediaType).setHeader('Vary', 'Accept-Encoding');
        const isCompressed = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
        if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
        await sendPieces(result.pieces, response, isCompressed, gone);
      } finally {
        await result.close();
      }
    } catch (error) {
      if (!gone.aborted) throw error;
    }
  }

  /** Callers share the slots: a token identifies one, otherwise the address. An invalid token does not matter here. */
  private async callerOf(request: Request): Promise<string> {
    const caller = await this.callers.identify(request).catch(() => null);
    return caller?.id ?? `address:${request.ip}`;
  }
}

/** Sends pieces one after another, because the bytes of a piece are used again for the next. */
async function sendPieces(
  pieces: AsyncIterable<Buffer>,
  response: Response,
  isCompressed: boolean,
  gone: AbortSignal,
): Promise<void> {
  const gzip = isCompressed ? createGzip({ level: zlib.Z_BEST_SPEED }) : null;
  const target: Writable = gzip ?? response;
  const sent = gzip === null ? finished(response) : pipeline(gzip, response);
  sent.catch(() => undefined);
  // A connection that closes does not always call back.
  let fail: (reason: unknown) => void = () => undefined;
  gone.addEventListener('abort', () => fail(gone.reason), { once: true });
  try {
    for await (const piece of pieces) {
      gone.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        fail = reject;
        target.write(piece, (error) => (error ? reject(error) : resolve()));
      });
    }
    target.end();
    await sent;
  } catch (error) {
    target.destroy();
    response.destroy();
    throw error;
  }
}

/** Returns a signal that aborts when the connection of a response closes. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client has gone')));
  return gone.signal;
}
