import { pipeline } from 'node:stream/promises';
import { createGzip, constants as zlib } from 'node:zlib';
import { Callers, Right } from '@almagest/access';
import { ApiAnswer } from '@almagest/platform';
import { Controller, Get, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { QueriesService } from '../queries/queries.service';
import { SearchConfig } from '../search.config';
import { DaliParameters } from './dali-parameters';
import { type TapQuery, tapQuery } from './tap-query';
import { VoErrorFilter } from './vo-error.filter';

const EXAMPLE = 'SELECT TOP 10 target_name, s_ra, s_dec FROM ivoa.obscore';

/** Synchronous queries (TAP 1.1, 2.2). */
@ApiTags('virtual observatory')
@Controller('tap/sync')
@Right('public')
@UseFilters(VoErrorFilter)
export class TapController {
  constructor(
    private readonly queries: QueriesService,
    private readonly config: SearchConfig,
    private readonly callers: Callers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Run an ADQL query (TAP 1.1): QUERY, LANG, RESPONSEFORMAT, MAXREC' })
  @ApiQuery({ name: 'QUERY', example: EXAMPLE })
  @ApiAnswer(200, 'The result, as VOTable unless RESPONSEFORMAT says otherwise')
  @ApiAnswer(400, 'A VOTable that says what is wrong')
  @ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again')
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Run an ADQL query (TAP 1.1), with the parameters in a form' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: { type: 'object', properties: { QUERY: { type: 'string' } }, example: { QUERY: EXAMPLE } } })
  @ApiAnswer(200, 'The result, as VOTable unless RESPONSEFORMAT says otherwise')
  @ApiAnswer(400, 'A VOTable that says what is wrong')
  @ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again')
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('the client has gone')));
    const { limits } = this.config;
    const parameters = await DaliParameters.of(request, limits.TAP_UPLOAD_MB * 1024 * 1024);
    try {
      await this.send(tapQuery(parameters, limits), request, response, gone.signal);
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      await parameters.close();
    }
  }

  private async send(query: TapQuery, request: Request, response: Response, signal: AbortSignal): Promise<void> {
    const result = await this.queries.start(query, await this.callerOf(request), signal);
    try {
      response.type(query.format.mediaType).setHeader('Vary', 'Accept-Encoding');
      if (request.acceptsEncodings(['gzip', 'identity']) === 'gzip') {
        response.setHeader('Content-Encoding', 'gzip');
        await pipeline(result.pieces, createGzip({ level: zlib.Z_BEST_SPEED }), response);
      } else {
        await pipeline(result.pieces, response);
      }
    } finally {
      await result.close();
    }
  }

  /** Callers share the slots: a token identifies one, otherwise the address. An invalid token does not matter here. */
  private async callerOf(request: Request): Promise<string> {
    const caller = await this.callers.identify(request).catch(() => null);
    return caller?.id ?? `address:${request.ip}`;
  }
}
