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
import { FaultErrorFilter } from '../tap/fault-error.filter';
import { siaCapabilities } from './image-capabilities';
import { siaPresentation, siaQuery } from './sia-query';

const EXAMPLE = {
  type: 'object',
  properties: { POS: { type: 'string' } },
  example: { POS: 'CIRCLE 266.417 -29.008 0.1' },
};

/** Images by position, wavelength, time and more (SIA 2.0). */
@ApiTags('virtual observatory')
@Controller('sia2')
@Right('public')
@UseFilters(FaultErrorFilter)
export class SiaController {
  constructor(
    private readonly answers: QueryAnswer,
    private readonly config: SearchConfig,
    private readonly availability: Availability,
  ) {}

  @Get('query')
  @ApiOperation({ summary: 'Find images (SIA 2.0): POS, BAND, TIME, POL and more, each as often as needed; MAXREC' })
  @ApiQuery({ name: 'POS', example: 'CIRCLE 266.417 -29.008 0.1', required: false })
  @ApiAnswer(200, 'Rows of ObsCore, as VOTable unless RESPONSEFORMAT says otherwise')
  @ApiAnswer(400, 'A VOTable that says what is wrong')
  @ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again')
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post('query')
  @HttpCode(200)
  @ApiOperation({ summary: 'Find images (SIA 2.0), with the parameters in a form' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: EXAMPLE })
  @ApiAnswer(200, 'Rows of ObsCore, as VOTable unless RESPONSEFORMAT says otherwise')
  @ApiAnswer(400, 'A VOTable that says what is wrong')
  @ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again')
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('capabilities')
  @Header('Content-Type', XML)
  @ApiOperation({ summary: 'What the SIA service supports (VOSI 1.1)' })
  @ApiAnswer(200, 'XML')
  capabilities(): string {
    return capabilitiesOf(siaCapabilities(this.config));
  }

  @Get('availability')
  @Header('Content-Type', XML)
  @ApiOperation({ summary: 'Whether the SIA service is available (VOSI 1.1)' })
  @ApiAnswer(200, 'XML')
  async available(): Promise<string> {
    return this.availability.document();
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const query = siaQuery(await DaliParameters.of(request), this.config.limits.TAP_MAX_ROWS);
    await this.answers.send(query, request, response, siaPresentation(this.config));
  }
}
