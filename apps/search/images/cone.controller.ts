import { Right } from '@almagest/access';
import { ApiAnswer } from '@almagest/platform';
import { Controller, Get, Header, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { QueryAnswer } from '../queries/query-answer';
import { SearchConfig } from '../search.config';
import { Availability, XML } from '../tap/availability';
import { capabilitiesOf } from '../tap/capability';
import { DaliParameters } from '../tap/dali-parameters';
import { coneField, coneQuery } from './cone-query';
import { coneCapabilities } from './image-capabilities';
import { ConeErrorFilter } from './image-error.filters';

const EXAMPLE = {
  type: 'object',
  properties: { RA: { type: 'string' }, DEC: { type: 'string' }, SR: { type: 'string' } },
  example: { RA: '266.417', DEC: '-29.008', SR: '0.1' },
};

/** Observations around a position (Simple Cone Search 1.03). */
@ApiTags('virtual observatory')
@Controller('scs')
@Right('public')
@UseFilters(ConeErrorFilter)
export class ConeController {
  constructor(
    private readonly answers: QueryAnswer,
    private readonly config: SearchConfig,
    private readonly availability: Availability,
  ) {}

  @Get('query')
  @ApiOperation({ summary: 'Find observations around a position (SCS 1.03): RA, DEC, SR, VERB, MAXREC' })
  @ApiQuery({ name: 'RA', example: '266.417' })
  @ApiQuery({ name: 'DEC', example: '-29.008' })
  @ApiQuery({ name: 'SR', example: '0.1' })
  @ApiAnswer(200, 'A VOTable')
  @ApiAnswer(400, 'A VOTable that says what is wrong')
  @ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again')
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post('query')
  @HttpCode(200)
  @ApiOperation({ summary: 'Find observations around a position (SCS 1.03), with the parameters in a form' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: EXAMPLE })
  @ApiAnswer(200, 'A VOTable')
  @ApiAnswer(400, 'A VOTable that says what is wrong')
  @ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again')
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('capabilities')
  @Header('Content-Type', XML)
  @ApiOperation({ summary: 'What the cone search supports (VOSI 1.1)' })
  @ApiAnswer(200, 'XML')
  capabilities(): string {
    return capabilitiesOf(coneCapabilities(this.config));
  }

  @Get('availability')
  @Header('Content-Type', XML)
  @ApiOperation({ summary: 'Whether the cone search is available (VOSI 1.1)' })
  @ApiAnswer(200, 'XML')
  async available(): Promise<string> {
    return this.availability.document();
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const query = coneQuery(await DaliParameters.of(request), this.config.limits.TAP_MAX_ROWS);
    await this.answers.send(query, request, response, { describe: coneField });
  }
}
