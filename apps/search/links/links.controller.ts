import { type Caller, Callers, Right } from '@almagest/access';
import { DEFAULT_FORMAT } from '@almagest/votable';
import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { QueryAnswer } from '../queries/query-answer';
import { SearchConfig } from '../search.config';
import { Availability } from '../tap/availability';
import { capabilitiesOf, commonCapabilities } from '../tap/capability';
import { DaliParameters } from '../tap/dali-parameters';
import { FaultErrorFilter } from '../tap/fault-error.filter';
import { AnswersForm, ApiVoAnswers, VosiDocument } from '../tap/vo-documentation';
import { formatOf } from '../tap/tap-query';
import { DATALINK_TYPE } from './file-links';
import { LinksDocument } from './links-document';

const EXAMPLE = 'uid://A001/X1/Xa3';

/** The files of an ObsUnitSet or of a tar, and what can be done with them (DataLink 1.1). */
@ApiTags('virtual observatory')
@Controller('datalink')
@Right('public')
@UseFilters(FaultErrorFilter)
export class LinksController {
  constructor(
    private readonly documents: LinksDocument,
    private readonly answers: QueryAnswer,
    private readonly config: SearchConfig,
    private readonly availability: Availability,
    private readonly callers: Callers,
  ) {}

  @Get('sync')
  @ApiOperation({ summary: 'Get the links of IDs (DataLink 1.1): ID, as often as needed; RESPONSEFORMAT, MAXREC' })
  @ApiQuery({ name: 'ID', example: EXAMPLE, description: 'uid of an ObsUnitSet, or name of a stored tar or file' })
  @ApiVoAnswers('The links, as VOTable unless RESPONSEFORMAT says otherwise; an ID without links says why')
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post('sync')
  @ApiOperation({ summary: 'Get the links of IDs (DataLink 1.1), with the parameters in a form' })
  @AnswersForm({ ID: EXAMPLE })
  @ApiVoAnswers('The links, as VOTable unless RESPONSEFORMAT says otherwise; an ID without links says why')
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('capabilities')
  @VosiDocument('What the DataLink service supports (VOSI 1.1)')
  capabilities(): string {
    const url = `${this.config.publicUrl}/datalink`;
    return capabilitiesOf([
      { standard: 'DataLink#links-1.1', url: `${url}/sync`, use: 'base', version: '1.1' },
      ...commonCapabilities(url),
    ]);
  }

  @Get('availability')
  @VosiDocument('Whether the DataLink service is available (VOSI 1.1)')
  async available(): Promise<string> {
    return this.availability.document();
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const parameters = await DaliParameters.of(request);
    // DataLink names its own media type as a form of response, too.
    const isOwn = parameters.one('RESPONSEFORMAT')?.replaceAll(/\s/g, '').toLowerCase() === DATALINK_TYPE;
    const format = isOwn ? DEFAULT_FORMAT : formatOf(parameters, 'RESPONSEFORMAT');
    const query = {
      ids: [...new Set(parameters.all('ID'))],
      format,
      maxRows: parameters.number('MAXREC') ?? Number.POSITIVE_INFINITY,
    };
    const caller = await this.callerOf(request);
    const mediaType = format === DEFAULT_FORMAT ? DATALINK_TYPE : format.mediaType;
    await this.answers.stream(request, response, mediaType, () => this.documents.start(query, caller));
  }

  /** An invalid token does not matter: the caller sees what everybody sees. */
  private async callerOf(request: Request): Promise<Caller | null> {
    return this.callers.identify(request, true).catch(() => null);
  }
}
