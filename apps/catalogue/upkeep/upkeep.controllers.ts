import { Right } from '@almagest/access';
import {
  pageOf,
  type Rebuild,
  rebuildSchema,
  type RebuildWithFindings,
  rebuildWithFindingsSchema,
  type Reconciliation,
  reconciliationRequestSchema,
  reconciliationSchema,
  type ReconciliationWithFindings,
  reconciliationWithFindingsSchema,
  type Scrub,
  scrubSchema,
  type ScrubWithFindings,
  scrubWithFindingsSchema,
} from '@almagest/contracts';
import { ApiAnswer, ApiProblems, type PageQuery, pageQuerySchema } from '@almagest/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { RebuildService } from './rebuild/rebuild.service';
import { ReconcileService } from './reconcile/reconcile.service';
import { ScrubService } from './scrub/scrub.service';
import { type Page, rebuildResource, reconciliationResource, scrubResource, UpkeepPages } from './upkeep.pages';

@ApiTags('Upkeep')
@Controller('upkeep/scrubs')
@Right('archive:operate')
export class ScrubsController {
  constructor(
    private readonly scrubs: ScrubService,
    private readonly pages: UpkeepPages,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Read every stored object and verify it against the SHA-256 in the catalogue' })
  @ApiAnswer(202, 'The new scrub, or the one under way; `Location` is the URL of its progress', scrubSchema)
  @ApiProblems(401, 403)
  async post(@Res({ passthrough: true }) response: Response): Promise<Scrub> {
    const row = await this.scrubs.request();
    response.location(`/upkeep/scrubs/${row.id}`);
    return scrubResource(row);
  }

  @Get()
  @ApiOperation({ summary: 'List scrubs, newest first' })
  @ApiAnswer(200, 'A page of scrubs', pageOf(scrubSchema, 'ScrubPage'))
  @ApiProblems(400, 401, 403)
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Scrub>> {
    return this.pages.list('scrub', query, scrubResource);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get the progress of a scrub, and a page of its findings' })
  @ApiAnswer(200, 'The scrub', scrubWithFindingsSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<ScrubWithFindings> {
    return this.pages.withFindings('scrub', id, query, scrubResource);
  }
}

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
    summary: 'Compare the catalogue with the object store; optionally delete orphans and recover lost parts',
  })
  @ApiAnswer(
    202,
    'The new reconciliation, or one with the same setting under way; `Location` is the URL of its progress',
    reconciliationSchema,
  )
  @ApiProblems(400, 401, 403, 409)
  async post(
    @Body({ schema: reconciliationRequestSchema }) { repair }: z.infer<typeof reconciliationRequestSchema>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Reconciliation> {
    const row = await this.reconciliations.request(repair);
    response.location(`/upkeep/reconciliations/${row.id}`);
    return reconciliationResource(row);
  }

  @Get()
  @ApiOperation({ summary: 'List reconciliations, newest first' })
  @ApiAnswer(200, 'A page of reconciliations', pageOf(reconciliationSchema, 'ReconciliationPage'))
  @ApiProblems(400, 401, 403)
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Reconciliation>> {
    return this.pages.list('reconciliation', query, reconciliationResource);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get the progress of a reconciliation, and a page of its findings and repairs' })
  @ApiAnswer(200, 'The reconciliation', reconciliationWithFindingsSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<ReconciliationWithFindings> {
    return this.pages.withFindings('reconciliation', id, query, reconciliationResource);
  }
}

@ApiTags('Upkeep')
@Controller('upkeep/rebuilds')
@Right('archive:operate')
export class RebuildsController {
  constructor(
    private readonly rebuilds: RebuildService,
    private readonly pages: UpkeepPages,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Rebuild an empty catalogue from the manifests in the object store' })
  @ApiAnswer(202, 'The new rebuild, or the one under way; `Location` is the URL of its progress', rebuildSchema)
  @ApiProblems(401, 403, 409)
  async post(@Res({ passthrough: true }) response: Response): Promise<Rebuild> {
    const row = await this.rebuilds.request();
    response.location(`/upkeep/rebuilds/${row.id}`);
    return rebuildResource(row);
  }

  @Get()
  @ApiOperation({ summary: 'List rebuilds, newest first' })
  @ApiAnswer(200, 'A page of rebuilds', pageOf(rebuildSchema, 'RebuildPage'))
  @ApiProblems(400, 401, 403)
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Rebuild>> {
    return this.pages.list('rebuild', query, rebuildResource);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get the progress of a rebuild, and a page of the manifests that it could not use' })
  @ApiAnswer(200, 'The rebuild', rebuildWithFindingsSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<RebuildWithFindings> {
    return this.pages.withFindings('rebuild', id, query, rebuildResource);
  }
}
