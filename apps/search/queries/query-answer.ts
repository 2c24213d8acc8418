import { pipeline } from 'node:stream/promises';
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
        await this.sendPieces(result, mediaType, request, response);
      } finally {
        await result.close();
      }
    } catch (error) {
      if (!gone.aborted) throw error;
    }
  }

  private async sendPieces(
    { pieces }: QueryResult,
    mediaType: string,
    request: Request,
    response: Response,
  ): Promise<void> {
    response.type(mediaType).setHeader('Vary', 'Accept-Encoding');
    if (request.acceptsEncodings(['gzip', 'identity']) === 'gzip') {
      response.setHeader('Content-Encoding', 'gzip');
      await pipeline(pieces, createGzip({ level: zlib.Z_BEST_SPEED }), response);
    } else {
      await pipeline(pieces, response);
    }
  }

  /** Callers share the slots: a token identifies one, otherwise the address. An invalid token does not matter here. */
  private async callerOf(request: Request): Promise<string> {
    const caller = await this.callers.identify(request).catch(() => null);
    return caller?.id ?? `address:${request.ip}`;
  }
}

/** Returns a signal that aborts when the connection of a response closes. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client has gone')));
  return gone.signal;
}
