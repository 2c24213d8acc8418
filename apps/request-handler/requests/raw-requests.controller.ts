import { type Caller, CurrentCaller, dataOf, linkTokenOf, Right } from '@almagest/access';
import {
  pageOf,
  type RawRequest,
  rawRequestSchema,
  type RawRequestStatus,
  rawRequestStatusSchema,
  uidSchema,
} from '@almagest/contracts';
import {
  ApiAnswer,
  ApiDownload,
  ApiProblems,
  bigintKeySchema,
  decodeCursor,
  DownloadSlots,
  pageOfRows,
  pageQuerySchema,
  sendScript,
  sendStored,
} from '@almagest/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { rawRequestResource } from './raw-request.resource';
import { RawRequestsRepository } from './raw-requests.repository';
import { RawRequestsService } from './raw-requests.service';

const idSchema = z.uuid();
const nameSchema = z.string().min(1).max(255);
const listQuerySchema = pageQuerySchema.extend({ ous: uidSchema.optional() });

@ApiTags('Raw data')
@Controller('raw-requests')
@Right(dataOf('raw-request', 'id'))
export class RawRequestsController {
  constructor(
    private readonly service: RawRequestsService,
    private readonly requests: RawRequestsRepository,
    private readonly slots: DownloadSlots,
  ) {}

  @Post()
  @HttpCode(202)
  @Right(dataOf('ous', 'ous', 'body'))
  @ApiOperation({ summary: 'Request the staging of raw ASDMs of a MemberOUS' })
  @ApiAnswer(202, 'The ASDMs are being staged; `Location` is the URL of the request', rawRequestStatusSchema)
  @ApiAnswer(200, 'The caller has made the same request before, and it has not expired', rawRequestStatusSchema)
  @ApiProblems(400, 401, 403, 404, 409, 410, 413, 507)
  async create(
    @Body({ schema: rawRequestSchema }) wanted: RawRequest,
    @CurrentCaller() caller: Caller | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RawRequestStatus> {
    const { isNew, status } = await this.service.request(wanted, caller);
    response.status(isNew ? 202 : 200).location(`/raw-requests/${status.id}`);
    return status;
  }

  @Get()
  @Right('archive:read')
  @ApiOperation({ summary: 'List requests for raw data, newest first' })
  @ApiAnswer(200, 'A page of requests', pageOf(rawRequestStatusSchema, 'RawRequestPage'))
  @ApiProblems(400, 401, 403)
  async list(
    @Query({ schema: listQuerySchema }) query: z.infer<typeof listQuerySchema>,
  ): Promise<{ items: RawRequestStatus[]; next: string | null }> {
    const before = decodeCursor(query.cursor, bigintKeySchema)?.[0] ?? null;
    const rows = await this.requests.list({ ous: query.ous, before, limit: query.limit + 1 });
    return pageOfRows(
      rows,
      query.limit,
      ({ request, asdms }) => rawRequestResource(request, asdms),
      ({ request }) => [request.position],
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get the state of a request for raw data, with each ASDM' })
  @ApiAnswer(200, 'The request', rawRequestStatusSchema)
  @ApiProblems(400, 401, 403, 404, 410)
  async status(@Param('id', { schema: idSchema }) id: string): Promise<RawRequestStatus> {
    return this.service.status(id);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({ summary: 'Retry the ASDMs of a request that could not be staged' })
  @ApiAnswer(202, 'The failed ASDMs are being staged', rawRequestStatusSchema)
  @ApiAnswer(200, 'No ASDM of the request has failed', rawRequestStatusSchema)
  @ApiProblems(400, 401, 403, 404, 409, 410, 507)
  async retry(
    @Param('id', { schema: idSchema }) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RawRequestStatus> {
    const { isNew, status } = await this.service.retry(id);
    response.status(isNew ? 202 : 200);
    return status;
  }

  @Get(':id/files/:name')
  @ApiOperation({ summary: 'Download a staged ASDM; GET and HEAD, with ranges' })
  @ApiDownload('The tar of the ASDM')
  @ApiProblems(409, 410)
  async file(
    @Param('id', { schema: idSchema }) id: string,
    @Param('name', { schema: nameSchema }) name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendStored(await this.service.file(id, name), request, response, this.slots);
  }

  @Get(':id/download.sh')
  @ApiOperation({ summary: 'Get a POSIX shell script that downloads the staged ASDMs, resumes, and verifies' })
  @ApiAnswer(200, 'The script')
  @ApiProblems(400, 401, 403, 404, 409, 410)
  async script(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentCaller() caller: Caller | null,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const script = await this.service.script(id, linkTokenOf(caller, request));
    sendScript(response, `almagest-raw-${id.slice(0, 8)}.sh`, script);
  }
}
