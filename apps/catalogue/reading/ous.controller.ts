import { Right } from '@almagest/access';
import { CatalogueReader } from '@almagest/catalogue-db';
import {
  type DeliverySummary,
  deliverySummarySchema,
  type Ous,
  ousSchema,
  pageOf,
  revisionSchema,
  uidInPathSchema,
} from '@almagest/contracts';
import { fromFileForm } from '@almagest/ous';
import {
  ApiAnswer,
  ApiProblems,
  decodeCursor,
  DomainError,
  pageOfRows,
  type PageQuery,
  pageQuerySchema,
} from '@almagest/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

@ApiTags('Catalogue')
@Controller('ous')
@Right('public')
export class OusController {
  constructor(private readonly catalogue: CatalogueReader) {}

  @Get(':uid')
  @ApiOperation({ summary: 'Get a GroupOUS or MemberOUS with its hierarchy and state' })
  @ApiAnswer(200, 'The ObsUnitSet', ousSchema)
  @ApiProblems(400, 404)
  async ous(@Param('uid', { schema: uidInPathSchema }) uid: string): Promise<Ous> {
    const ous = await this.catalogue.ous(fromFileForm(uid));
    if (ous === null) throw new DomainError('not-found', 'catalogue.ous-unknown', `There is no ObsUnitSet ${uid}`);
    return ous;
  }

  @Get(':uid/deliveries')
  @ApiOperation({ summary: 'List the deliveries of an ObsUnitSet, newest revision first' })
  @ApiAnswer(200, 'A page of deliveries', pageOf(deliverySummarySchema, 'DeliveryPage'))
  @ApiProblems(400)
  async deliveries(
    @Param('uid', { schema: uidInPathSchema }) uid: string,
    @Query({ schema: pageQuerySchema }) { cursor, limit }: PageQuery,
  ): Promise<{ items: DeliverySummary[]; next: string | null }> {
    const before = decodeCursor(cursor, z.tuple([revisionSchema]))?.[0] ?? null;
    const rows = await this.catalogue.deliveries(fromFileForm(uid), before, limit + 1);
    return pageOfRows(
      rows,
      limit,
      (delivery) => delivery,
      (delivery) => [delivery.revision],
    );
  }
}
