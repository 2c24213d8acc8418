import { Right } from '@almagest/access';
import {
  pageOf,
  type Rebuild,
  rebuildSchema,
  type RebuildWithFindings,
  rebuildWithFindingsSchema,
} from '@almagest/contracts';
import { ApiAnswer, ApiProblems, type PageQuery, pageQuerySchema } from '@almagest/platform';
import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { type Page, UpkeepPages } from '../upkeep.pages';
import { rebuildResource } from '../upkeep.resources';
import { RebuildService } from './rebuild.service';

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
  @ApiOperation({ summary: 'Write an empty catalogue anew from the manifests in the store' })
  @ApiAnswer(202, '`Location` tells how far it has come; a rebuild under way is joined', rebuildSchema)
  @ApiProblems(401, 403, 409)
  async post(@Res({ passthrough: true }) response: Response): Promise<Rebuild> {
    const row = await this.rebuilds.request();
    response.location(`/upkeep/rebuilds/${row.id}`);
    return rebuildResource(row);
  }

  @Get()
  @ApiOperation({ summary: 'Rebuilds, the last first' })
  @ApiAnswer(200, 'A page of rebuilds', pageOf(rebuildSchema, 'RebuildPage'))
  @ApiProblems(400, 401, 403)
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Rebuild>> {
    return this.pages.list('rebuild', query, rebuildResource);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a rebuild has come, and a page of the manifests it could not use' })
  @ApiAnswer(200, 'The rebuild', rebuildWithFindingsSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<RebuildWithFindings> {
    return this.pages.withFindings('rebuild', id, query, rebuildResource);
  }
}
