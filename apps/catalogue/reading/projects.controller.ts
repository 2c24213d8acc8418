import { Right } from '@almagest/access';
import { CatalogueReader } from '@almagest/catalogue-db';
import { pageOf, type Project, projectCodeSchema, projectSchema } from '@almagest/contracts';
import {
  ApiAnswer,
  ApiProblems,
  decodeCursor,
  DomainError,
  pageOfRows,
  type PageQuery,
  pageQuerySchema,
  textKeySchema,
} from '@almagest/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

const projectRefSchema = z.object({ code: projectCodeSchema });

@ApiTags('Catalogue')
@Controller('projects')
@Right('public')
export class ProjectsController {
  constructor(private readonly catalogue: CatalogueReader) {}

  @Get()
  @ApiOperation({ summary: 'List the projects, sorted by code' })
  @ApiAnswer(200, 'A page of project codes', pageOf(projectRefSchema, 'ProjectPage'))
  @ApiProblems(400)
  async list(
    @Query({ schema: pageQuerySchema }) { cursor, limit }: PageQuery,
  ): Promise<{ items: { code: string }[]; next: string | null }> {
    const after = decodeCursor(cursor, textKeySchema)?.[0] ?? null;
    const codes = await this.catalogue.projectCodes(after, limit + 1);
    return pageOfRows(
      codes,
      limit,
      (code) => ({ code }),
      (code) => [code],
    );
  }

  @Get(':code')
  @ApiOperation({ summary: 'Get a project: its science goals, groups and members with their states' })
  @ApiAnswer(200, 'The project', projectSchema)
  @ApiProblems(400, 404)
  async project(@Param('code', { schema: projectCodeSchema }) code: string): Promise<Project> {
    const project = await this.catalogue.project(code);
    if (project === null)
      throw new DomainError('not-found', 'catalogue.project-unknown', `There is no project ${code}`);
    return project;
  }
}
