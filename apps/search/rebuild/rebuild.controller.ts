import { Right } from '@almagest/access';
import { type SearchRebuild, searchRebuildSchema } from '@almagest/contracts';
import { ApiAnswer, ApiProblems, DomainError } from '@almagest/platform';
import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import type { RebuildRow } from './rebuild.entity';
import { RebuildService } from './rebuild.service';

@ApiTags('Upkeep')
@Controller('upkeep/search-rebuilds')
@Right('archive:operate')
export class RebuildController {
  constructor(private readonly rebuilds: RebuildService) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Fill the tables of search again from the catalogue, while queries run' })
  @ApiAnswer(202, 'The new rebuild, or the one under way; `Location` is the URL of its progress', searchRebuildSchema)
  @ApiProblems(401, 403)
  async post(@Res({ passthrough: true }) response: Response): Promise<SearchRebuild> {
    const row = await this.rebuilds.request();
    response.location(`/upkeep/search-rebuilds/${row.id}`);
    return resourceOf(row);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get the progress of a rebuild of search' })
  @ApiAnswer(200, 'The rebuild', searchRebuildSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(@Param('id', { schema: z.uuid() }) id: string): Promise<SearchRebuild> {
    const row = await this.rebuilds.find(id);
    if (row === null) throw new DomainError('not-found', 'search.rebuild-not-found', `There is no rebuild ${id}`);
    return resourceOf(row);
  }
}

function resourceOf(row: RebuildRow): SearchRebuild {
  const { id, state, requested_at, ended_at, deliveries, removed, last_failure } = row;
  return {
    id,
    state,
    requestedAt: requested_at.toISOString(),
    endedAt: ended_at?.toISOString() ?? null,
    deliveries,
    removed,
    lastFailure: last_failure,
  };
}
