import { Right } from '@almagest/access';
import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { QueryAnswer } from '../queries/query-answer';
import { SearchConfig } from '../search.config';
import { DaliParameters } from './dali-parameters';
import { tapQuery } from './tap-query';
import { AnswersForm, ApiVoAnswers } from './vo-documentation';
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
  @ApiVoAnswers('The result, as VOTable unless RESPONSEFORMAT says otherwise')
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post()
  @ApiOperation({ summary: 'Run an ADQL query (TAP 1.1), with the parameters in a form' })
  @AnswersForm({ QUERY: EXAMPLE })
  @ApiVoAnswers('The result, as VOTable unless RESPONSEFORMAT says otherwise')
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const parameters = await DaliParameters.of(request, this.config.uploadBytes);
    try {
      await this.answers.send(tapQuery(parameters, this.config.limits), request, response);
    } finally {
      await parameters.close();
    }
  }
}
