import { Right } from '@almagest/access';
import { ApiAnswer } from '@almagest/platform';
import { Controller, Get, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { QueryAnswer } from '../queries/query-answer';
import { SearchConfig } from '../search.config';
import { DaliParameters } from './dali-parameters';
import { tapQuery } from './tap-query';
import { VoErrorFilter } from './vo-error.filter';

const EXAMPLE = 'SELECT TOP 10 target_name, s_ra, s_dec FROM ivoa.obscore';

/** Synchronous queries (TAP 1.1, 2.2). */
@ApiTags('virtual observatory')
@Controller('tap/sync')
@Right('public')
@UseFilters(VoErrorFilter)
export class TapController {
  constructor(
    private readonly answers: QueryAnswer,
    private readonly config: SearchConfig,
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
    const { limits } = this.config;
    const parameters = await DaliParameters.of(request, limits.TAP_UPLOAD_MB * 1024 * 1024);
    try {
      await this.answers.send(tapQuery(parameters, limits), request, response);
    } finally {
      await parameters.close();
    }
  }
}
