import { Right } from '@almagest/access';
import { ApiAnswer } from '@almagest/platform';
import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { SearchConfig } from '../search.config';
import { DaliParameters } from '../tap/dali-parameters';
import { ApiForm } from '../tap/vo-documentation';
import { VoErrorFilter } from '../tap/vo-error.filter';
import { JobCallers } from './job-callers';
import { jobListDocument } from './job-documents';
import { jobFilter } from './job-parameters';
import { JobsService } from './jobs.service';
import { jobUrl, seeOther, sendXml } from './uws-answers';

/** The list of asynchronous queries (TAP 1.1, 2.1; UWS 1.1, 2.2). */
@ApiTags('virtual observatory')
@Controller('tap/async')
@Right('public')
@UseFilters(VoErrorFilter)
export class JobListController {
  constructor(
    private readonly jobs: JobsService,
    private readonly callers: JobCallers,
    private readonly config: SearchConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List your asynchronous queries (UWS 1.1): PHASE, AFTER, LAST; none without a token' })
  @ApiAnswer(200, 'XML, newest first')
  @ApiAnswer(400, 'A VOTable that says what is wrong')
  @ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again')
  async list(@Req() request: Request, @Res() response: Response): Promise<void> {
    const filter = jobFilter(await DaliParameters.of(request));
    const jobs = await this.jobs.list(await this.callers.of(request), filter);
    sendXml(
      response,
      jobListDocument(jobs, (id) => jobUrl(this.config, id)),
    );
  }

  @Post()
  @ApiOperation({ summary: 'Create an asynchronous query (TAP 1.1): parameters as of /tap/sync; PHASE=RUN queues it' })
  @ApiForm({ QUERY: 'SELECT TOP 10 target_name, s_ra, s_dec FROM ivoa.obscore', PHASE: 'RUN' })
  @ApiAnswer(303, 'Created; `Location` is its URL')
  @ApiAnswer(400, 'A VOTable that says what is wrong; a fault of the query itself shows when it runs')
  @ApiAnswer(503, 'A VOTable that says why not now: you have too many jobs, or the archive is busy')
  async create(@Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = await this.callers.of(request);
    const parameters = await DaliParameters.of(request, this.config.uploadBytes);
    try {
      const id = await this.jobs.create(parameters, caller);
      seeOther(response, jobUrl(this.config, id));
    } finally {
      await parameters.close();
    }
  }
}
