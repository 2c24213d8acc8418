import { Right } from '@almagest/access';
import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Presentation } from '../queries/queries.service';
import { QueryAnswer } from '../queries/query-answer';
import { SearchConfig } from '../search.config';
import { Availability } from '../tap/availability';
import { capabilitiesOf } from '../tap/capability';
import { DaliParameters } from '../tap/dali-parameters';
import { FaultErrorFilter } from '../tap/fault-error.filter';
import { AnswersForm, ApiVoAnswers, VosiDocument } from '../tap/vo-documentation';
import { siaCapabilities } from './image-capabilities';
import { siaPresentation, siaQuery } from './sia-query';

const EXAMPLE = { POS: 'CIRCLE 266.417 -29.008 0.1' };

/** Images by position, wavelength, time and more (SIA 2.0). */
@ApiTags('virtual observatory')
@Controller('sia2')
@Right('public')
@UseFilters(FaultErrorFilter)
export class SiaController {
  private readonly presentation: Presentation;

  constructor(
    private readonly answers: QueryAnswer,
    private readonly config: SearchConfig,
    private readonly availability: Availability,
  ) {
    this.presentation = siaPresentation(config);
  }

  @Get('query')
  @ApiOperation({ summary: 'Find images (SIA 2.0): POS, BAND, TIME, POL and more, each as often as needed; MAXREC' })
  @ApiQuery({ name: 'POS', example: 'CIRCLE 266.417 -29.008 0.1', required: false })
  @ApiVoAnswers('Rows of ObsCore, as VOTable unless RESPONSEFORMAT says otherwise')
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post('query')
  @ApiOperation({ summary: 'Find images (SIA 2.0), with the parameters in a form' })
  @AnswersForm(EXAMPLE)
  @ApiVoAnswers('Rows of ObsCore, as VOTable unless RESPONSEFORMAT says otherwise')
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('capabilities')
  @VosiDocument('What the SIA service supports (VOSI 1.1)')
  capabilities(): string {
    return capabilitiesOf(siaCapabilities(this.config));
  }

  @Get('availability')
  @VosiDocument('Whether the SIA service is available (VOSI 1.1)')
  async available(): Promise<string> {
    return this.availability.document();
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const query = siaQuery(await DaliParameters.of(request), this.config.limits.TAP_MAX_ROWS);
    await this.answers.send(query, request, response, this.presentation);
  }
}
