import { Right } from '@almagest/access';
import { pageOf, type Scrub, scrubSchema, type ScrubWithFindings, scrubWithFindingsSchema } from '@almagest/contracts';
import { ApiAnswer, ApiProblems, type PageQuery, pageQuerySchema } from '@almagest/platform';
import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { type Page, UpkeepPages } from '../upkeep.pages';
import { scrubResource } from '../upkeep.resources';
import { ScrubService } from './scrub.service';

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
  @ApiOperation({ summary: 'Read every stored object again and hold it against its SHA-256; joins a scrub under way' })
  @ApiAnswer(202, '`Location` tells how far it has come', scrubSchema)
  @ApiProblems(401, 403)
  async post(@Res({ passthrough: true }) response: Response): Promise<Scrub> {
    const row = await this.scrubs.request();
    response.location(`/upkeep/scrubs/${row.id}`);
    return scrubResource(row);
  }

  @Get()
  @ApiOperation({ summary: 'Scrubs, the last first' })
  @ApiAnswer(200, 'A page of scrubs', pageOf(scrubSchema, 'ScrubPage'))
  @ApiProblems(400, 401, 403)
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Scrub>> {
    return this.pages.list('scrub', query, scrubResource);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a scrub has come, and a page of what it found' })
  @ApiAnswer(200, 'The scrub', scrubWithFindingsSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<ScrubWithFindings> {
    return this.pages.withFindings('scrub', id, query, scrubResource);
  }
}
