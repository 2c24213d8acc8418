import { Right } from '@almagest/access';
import { ApiAnswer, DomainError, DownloadSlots, sendStored } from '@almagest/platform';
import { errorDocument } from '@almagest/votable';
import { applyDecorators, Controller, Delete, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { goneSignal } from '../queries/query-answer';
import { SearchConfig } from '../search.config';
import { badParameter } from '../search.error';
import { DaliParameters } from '../tap/dali-parameters';
import { ApiForm } from '../tap/vo-documentation';
import { VoErrorFilter } from '../tap/vo-error.filter';
import { JobCallers } from './job-callers';
import { jobDocument, parametersDocument, quoteOf, resultsDocument } from './job-documents';
import type { JobRow } from './job.entity';
import { JobObjects } from './job-objects';
import { required, timeOf, waitOf } from './job-parameters';
import { JobsService } from './jobs.service';
import { jobUrl, resultName, seeOther, sendText, sendXml } from './uws-answers';

const AWAY = 'A VOTable that says why not now; `Retry-After` says when to try again';
const NOTHING = 'Unknown job, or the job of somebody else';

/** Documents a route that shows something of a job. */
function Shows(summary: string, answer: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiAnswer(200, answer),
    ApiAnswer(400, 'A VOTable that says what is wrong'),
    ApiAnswer(404, NOTHING),
    ApiAnswer(503, AWAY),
  );
}

/** Documents a route that changes a job. @param form an example of the form that it takes */
function Changes(summary: string, form?: Record<string, string>): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ...(form === undefined ? [] : [ApiForm(form)]),
    ApiAnswer(303, 'Done; `Location` is what to look at next'),
    ApiAnswer(400, 'A VOTable that says what is wrong'),
    ApiAnswer(403, 'The phase of the job does not allow this'),
    ApiAnswer(404, NOTHING),
    ApiAnswer(503, AWAY),
  );
}

/** An asynchronous query (UWS 1.1, 2.2). */
@ApiTags('virtual observatory')
@Controller('tap/async/:id')
@Right('public')
@UseFilters(VoErrorFilter)
export class JobController {
  constructor(
    private readonly jobs: JobsService,
    private readonly objects: JobObjects,
    private readonly callers: JobCallers,
    private readonly slots: DownloadSlots,
    private readonly config: SearchConfig,
  ) {}

  @Get()
  @Shows(
    'Get an asynchronous query (UWS 1.1); WAIT=seconds answers when its phase changes, PHASE says from which',
    'XML',
  )
  async get(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = await this.callers.of(request);
    const wait = waitOf(await DaliParameters.of(request));
    const gone = goneSignal(response);
    const job = wait === null ? await this.jobs.find(id, caller) : await this.jobs.whenChanged(id, caller, wait, gone);
    sendXml(response, jobDocument(job, jobUrl(this.config, id)));
  }

  @Post()
  @Changes('Delete an asynchronous query with ACTION=DELETE (UWS 1.1)', { ACTION: 'DELETE' })
  async post(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const action = required(await DaliParameters.of(request), 'ACTION', 'DELETE');
    if (action.toUpperCase() !== 'DELETE') throw badParameter(`ACTION is '${action}'; expected DELETE`);
    await this.remove(id, request, response);
  }

  @Delete()
  @Changes('Delete an asynchronous query and its result (UWS 1.1)')
  async remove(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.jobs.remove(id, await this.callers.of(request));
    seeOther(response, jobUrl(this.config));
  }

  @Get('phase')
  @Shows('Get the phase of an asynchronous query', 'A word, such as EXECUTING')
  async phase(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    sendText(response, (await this.find(id, request)).phase);
  }

  @Post('phase')
  @Changes('Start an asynchronous query with PHASE=RUN, or abort it with PHASE=ABORT', { PHASE: 'RUN' })
  async setPhase(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const phase = required(await DaliParameters.of(request), 'PHASE', 'RUN or ABORT').toUpperCase();
    const caller = await this.callers.of(request);
    if (phase === 'RUN') await this.jobs.start(id, caller);
    else if (phase === 'ABORT') await this.jobs.abort(id, caller);
    else throw badParameter(`PHASE is '${phase}'; expected RUN or ABORT`);
    seeOther(response, jobUrl(this.config, id));
  }

  @Get('parameters')
  @Shows('Get the parameters of an asynchronous query', 'XML')
  async parameters(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    sendXml(response, parametersDocument(await this.find(id, request)));
  }

  @Post('parameters')
  @Changes('Replace parameters of an asynchronous query that has not been started', { MAXREC: '1000' })
  async setParameters(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = await this.callers.of(request);
    const parameters = await DaliParameters.of(request, this.config.uploadBytes);
    try {
      await this.jobs.setParameters(id, caller, parameters);
    } finally {
      await parameters.close();
    }
    seeOther(response, jobUrl(this.config, id));
  }

  @Get('executionduration')
  @Shows('Get how long an asynchronous query may run', 'Seconds')
  async duration(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    sendText(response, String((await this.find(id, request)).execution_duration));
  }

  @Post('executionduration')
  @Changes('Set how long an asynchronous query may run, in seconds, up to the limit of the archive', {
    EXECUTIONDURATION: '600',
  })
  async setDuration(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const parameters = await DaliParameters.of(request);
    required(parameters, 'EXECUTIONDURATION', 'seconds');
    const seconds = parameters.number('EXECUTIONDURATION') ?? 0;
    await this.jobs.setDuration(id, await this.callers.of(request), seconds);
    seeOther(response, jobUrl(this.config, id));
  }

  @Get('destruction')
  @Shows('Get when the result of an asynchronous query is deleted', 'A time in UTC')
  async destruction(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    sendText(response, (await this.find(id, request)).destruction.toISOString());
  }

  @Post('destruction')
  @Changes('Set when the result of an asynchronous query is deleted, up to the limit of the archive', {
    DESTRUCTION: '2026-12-01T00:00:00Z',
  })
  async setDestruction(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const text = required(await DaliParameters.of(request), 'DESTRUCTION', 'a time in UTC');
    await this.jobs.setDestruction(id, await this.callers.of(request), timeOf('DESTRUCTION', text));
    seeOther(response, jobUrl(this.config, id));
  }

  @Get('quote')
  @Shows('Get when an asynchronous query ends at the latest', 'A time in UTC; nothing unless it runs')
  async quote(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    sendText(response, quoteOf(await this.find(id, request))?.toISOString() ?? '');
  }

  @Get('owner')
  @Shows('Get the owner of an asynchronous query', 'Your own name as the archive knows it; nothing if it has no owner')
  async owner(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    sendText(response, (await this.find(id, request)).owner ?? '');
  }

  @Get('results')
  @Shows('List the results of an asynchronous query', 'XML: one result, or none')
  async results(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    sendXml(response, resultsDocument(await this.find(id, request), jobUrl(this.config, id)));
  }

  @Get('results/result')
  @Shows('Download the result of an asynchronous query; GET and HEAD, with ranges', 'The result')
  @ApiAnswer(206, 'One range of it, or several')
  @ApiAnswer(304, 'The client has it')
  @ApiAnswer(416, 'The requested range is outside the result')
  async result(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const job = await this.find(id, request);
    if (job.result === null) throw noSuch('result', job);
    const content = this.objects.content(job, job.result, resultName(job.result.mediaType));
    await sendStored(content, request, response, this.slots);
  }

  @Get('error')
  @Shows('Get why an asynchronous query failed', 'A VOTable with the reason')
  async error(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const job = await this.find(id, request);
    if (job.error === null) throw noSuch('error', job);
    response.type('application/x-votable+xml').send(errorDocument(job.error.message));
  }

  private async find(id: string, request: Request): Promise<JobRow> {
    return this.jobs.find(id, await this.callers.of(request));
  }
}

function noSuch(what: 'result' | 'error', { id, phase }: JobRow): DomainError {
  return new DomainError('not-found', `search.job-has-no-${what}`, `The job ${id} is ${phase}: it has no ${what}`);
}
