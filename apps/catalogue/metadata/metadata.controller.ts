import { type Caller, CurrentCaller, Right } from '@almagest/access';
import type { ProjectMetadataRow } from '@almagest/catalogue-db';
import {
  metadataHistorySchema,
  type MetadataHistoryEntry,
  pageOf,
  type ProjectMetadata,
  projectCodeSchema,
  projectMetadataSchema,
  type RecordedMetadata,
  recordedMetadataSchema,
} from '@almagest/contracts';
import {
  ApiAnswer,
  ApiProblems,
  bigintKeySchema,
  decodeCursor,
  DomainError,
  pageOfRows,
  type PageQuery,
  pageQuerySchema,
} from '@almagest/platform';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { MetadataRepository } from './metadata.repository';
import { MetadataService } from './metadata.service';
import { historyEntry, maySeeNames, recordedMetadata } from './shown-metadata';

/** What the files of a project do not state. */
@ApiTags('Catalogue')
@Controller('projects/:code/metadata')
export class MetadataController {
  constructor(
    private readonly service: MetadataService,
    private readonly metadata: MetadataRepository,
    private readonly dataSource: DataSource,
  ) {}

  @Put()
  @Right('qa2:submit')
  @ApiOperation({ summary: 'Record a new revision of the metadata of a project' })
  @ApiAnswer(200, 'The current metadata; the same content put again has no effect', recordedMetadataSchema)
  @ApiProblems(400, 401, 403, 409, 413)
  async put(
    @Param('code', { schema: projectCodeSchema }) code: string,
    @Body({ schema: projectMetadataSchema }) document: ProjectMetadata,
    @CurrentCaller() caller: Caller | null,
  ): Promise<RecordedMetadata> {
    const row = await this.service.put(code, document, caller?.id ?? '');
    return recordedMetadata(row, row, maySeeNames(caller, code));
  }

  @Get()
  @Right('public')
  @ApiOperation({
    summary: 'Get the metadata of a project; names of people only if they may be shown, or to the project itself',
  })
  @ApiAnswer(200, 'The newest revision', recordedMetadataSchema)
  @ApiProblems(400, 404)
  async get(
    @Param('code', { schema: projectCodeSchema }) code: string,
    @CurrentCaller() caller: Caller | null,
  ): Promise<RecordedMetadata> {
    const current = await this.current(code);
    return recordedMetadata(current, current, maySeeNames(caller, code));
  }

  @Get('history')
  @Right('archive:read')
  @ApiOperation({ summary: 'List what was sent as the metadata of a project, newest first' })
  @ApiAnswer(200, 'A page of documents', pageOf(metadataHistorySchema, 'MetadataHistoryPage'))
  @ApiProblems(400, 401, 403, 404)
  async history(
    @Param('code', { schema: projectCodeSchema }) code: string,
    @Query({ schema: pageQuerySchema }) { cursor, limit }: PageQuery,
    @CurrentCaller() caller: Caller | null,
  ): Promise<{ items: MetadataHistoryEntry[]; next: string | null }> {
    const current = await this.current(code);
    const before = decodeCursor(cursor, bigintKeySchema)?.[0] ?? null;
    const rows = await this.metadata.history(this.dataSource.manager, code, before, limit + 1);
    const seesNames = maySeeNames(caller, code);
    return pageOfRows(
      rows,
      limit,
      (row) => historyEntry(row, current, seesNames),
      (row) => [row.position],
    );
  }

  private async current(code: string): Promise<ProjectMetadataRow> {
    const current = await this.metadata.current(this.dataSource.manager, code);
    if (current !== null) return current;
    throw new DomainError('not-found', 'catalogue.metadata-unknown', `There are no metadata of project ${code}`);
  }
}
