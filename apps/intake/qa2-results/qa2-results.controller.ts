import { Right } from '@almagest/access';
import {
  pageOf,
  type Qa2Result,
  qa2ResultSchema,
  type Qa2Status,
  qa2StatusSchema,
  readQa2Result,
  uidSchema,
} from '@almagest/contracts';
import {
  ApiAnswer,
  ApiProblems,
  bigintKeySchema,
  decodeCursor,
  DomainError,
  failpoint,
  pageOfRows,
  pageQuerySchema,
  parsedByHandler,
} from '@almagest/platform';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Qa2ResultsRepository } from './qa2-results.repository';
import { Qa2ResultsService } from './qa2-results.service';
import { statusOf } from './status';

const idSchema = z.uuid();
const listQuerySchema = pageQuerySchema.extend({ ous: uidSchema.optional() });

@ApiTags('QA2 results')
@Controller('qa2-results')
export class Qa2ResultsController {
  constructor(
    private readonly service: Qa2ResultsService,
    private readonly results: Qa2ResultsRepository,
  ) {}

  @Post()
  @Right('qa2:submit')
  @ApiOperation({ summary: 'Post a QA2 result' })
  @ApiAnswer(200, 'The same content is already recorded; the request has no effect', qa2StatusSchema)
  @ApiAnswer(202, 'Recorded; `Location` is the URL of its progress', qa2StatusSchema)
  @ApiProblems(400, 401, 403, 409, 413, 415, 507)
  async post(
    @Body({ schema: parsedByHandler(qa2ResultSchema) }) body: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Qa2Status> {
    const { id, isNew } = await this.service.submit(readBody(body));
    response.status(isNew ? 202 : 200).location(`/qa2-results/${id}`);
    response.on('finish', () => failpoint('intake.answered'));
    return this.status(id);
  }

  @Get(':id')
  @Right('archive:read')
  @ApiOperation({ summary: 'Get the state of a QA2 result, with its history and the report of the delivery standard' })
  @ApiAnswer(200, 'The state of the result', qa2StatusSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(@Param('id', { schema: idSchema }) id: string): Promise<Qa2Status> {
    return this.status(id);
  }

  @Get()
  @Right('archive:read')
  @ApiOperation({ summary: 'List QA2 results, newest first' })
  @ApiAnswer(200, 'A page of results, without their histories', pageOf(qa2StatusSchema, 'Qa2ResultPage'))
  @ApiProblems(400, 401, 403)
  async list(
    @Query({ schema: listQuerySchema }) query: z.infer<typeof listQuerySchema>,
  ): Promise<{ items: Qa2Status[]; next: string | null }> {
    const before = decodeCursor(query.cursor, bigintKeySchema)?.[0] ?? null;
    const rows = await this.results.list({ ous: query.ous, before, limit: query.limit + 1 });
    return pageOfRows(
      rows,
      query.limit,
      (row) => statusOf(row, []),
      (row) => [row.position],
    );
  }

  private async status(id: string): Promise<Qa2Status> {
    const found = await this.results.find(id);
    if (found === null) throw new DomainError('not-found', 'intake.result-unknown', `There is no QA2 result ${id}`);
    return statusOf(found.row, found.history);
  }
}

function readBody(body: unknown): Qa2Result {
  if (body === undefined) {
    throw new DomainError('unsupported', 'intake.media-type', 'Post the QA2 result as application/json');
  }
  const read = readQa2Result(body);
  if (read.ok) return read.result;
  const { violations } = read;
  throw new DomainError(
    'invalid',
    'intake.result-invalid',
    `The QA2 result has ${violations.length === 1 ? '1 fault' : `${violations.length} faults`}`,
    {
      violations,
    },
  );
}
