import { Right } from '@almagest/access';
import {
  pageOf,
  type Reconciliation,
  reconciliationRequestSchema,
  reconciliationSchema,
  type ReconciliationWithFindings,
  reconciliationWithFindingsSchema,
} from '@almagest/contracts';
import { ApiAnswer, ApiProblems, type PageQuery, pageQuerySchema } from '@almagest/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { type Page, UpkeepPages } from '../upkeep.pages';
import { reconciliationResource } from '../upkeep.resources';
import { ReconcileService } from './reconcile.service';

@ApiTags('Upkeep')
@Controller('upkeep/reconciliations')
@Right('archive:operate')
export class ReconciliationsController {
  constructor(
    private readonly reconciliations: ReconcileService,
    private readonly pages: UpkeepPages,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Hold catalogue and store against each other; if told to, remove what is left over and restore lost parts',
  })
  @ApiAnswer(
    202,
    '`Location` tells how far it has come; one of the same kind under way is joined',
    reconciliationSchema,
  )
  @ApiProblems(400, 401, 403, 409)
  async post(
    @Body({ schema: reconciliationRequestSchema })
    { repair }: z.infer<typeof reconciliationRequestSchema>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Reconciliation> {
    const row = await this.reconciliations.request(repair);
    response.location(`/upkeep/reconciliations/${row.id}`);
    return reconciliationResource(row);
  }

  @Get()
  @ApiOperation({ summary: 'Reconciliations, the last first' })
  @ApiAnswer(200, 'A page of reconciliations', pageOf(reconciliationSchema, 'ReconciliationPage'))
  @ApiProblems(400, 401, 403)
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Reconciliation>> {
    return this.pages.list('reconciliation', query, reconciliationResource);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a reconciliation has come, and a page of what it found and did' })
  @ApiAnswer(200, 'The reconciliation', reconciliationWithFindingsSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<ReconciliationWithFindings> {
    return this.pages.withFindings('reconciliation', id, query, reconciliationResource);
  }
}
