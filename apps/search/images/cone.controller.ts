import { Right } from '@almagest/access';
import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { QueryAnswer } from '../queries/query-answer';
import { SearchConfig } from '../search.config';
import { Availability } from '../tap/availability';
import { capabilitiesOf } from '../tap/capability';
import { DaliParameters } from '../tap/dali-parameters';
import { AnswersForm, ApiVoAnswers, VosiDocument } from '../tap/vo-documentation';
import { coneField, coneQuery } from './cone-query';
import { coneCapabilities } from './image-capabilities';
import { ConeErrorFilter } from './image-error.filters';

const EXAMPLE = { RA: '266.417', DEC: '-29.008', SR: '0.1' };

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
  @ApiVoAnswers('A VOTable')
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post('query')
  @ApiOperation({ summary: 'Find observations around a position (SCS 1.03), with the parameters in a form' })
  @AnswersForm(EXAMPLE)
  @ApiVoAnswers('A VOTable')
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('capabilities')
  @VosiDocument('What the cone search supports (VOSI 1.1)')
  capabilities(): string {
    return capabilitiesOf(coneCapabilities(this.config));
  }

  @Get('availability')
  @VosiDocument('Whether the cone search is available (VOSI 1.1)')
  async available(): Promise<string> {
    return this.availability.document();
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const query = coneQuery(await DaliParameters.of(request), this.config.limits.TAP_MAX_ROWS);
    await this.answers.send(query, request, response, { describe: coneField });
  }
}
