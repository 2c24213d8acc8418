import { dataOf, Right } from '@almagest/access';
import { CatalogueReader, memberFileResource } from '@almagest/catalogue-db';
import {
  type Delivery,
  type DeliveryReport,
  deliveryReportSchema,
  deliverySchema,
  type MemberFile,
  memberFileSchema,
  pageOf,
} from '@almagest/contracts';
import {
  ApiAnswer,
  ApiProblems,
  decodeCursor,
  DomainError,
  pageOfRows,
  pageQuerySchema,
  textKeySchema,
} from '@almagest/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

const idSchema = z.uuid();
const filesQuerySchema = pageQuerySchema.extend({
  item: z.coerce.number().int().min(1).max(7).optional(),
  role: z.string().max(100).optional(),
});

@ApiTags('Catalogue')
@Controller('deliveries')
export class DeliveriesController {
  constructor(private readonly catalogue: CatalogueReader) {}

  @Get(':id')
  @Right('public')
  @ApiOperation({ summary: 'Get a delivery with its parts' })
  @ApiAnswer(200, 'The delivery', deliverySchema)
  @ApiProblems(400, 404)
  async delivery(@Param('id', { schema: idSchema }) id: string): Promise<Delivery> {
    return (await this.catalogue.delivery(id)) ?? unknownDelivery(id);
  }

  @Get(':id/report')
  @Right(dataOf('delivery', 'id'))
  @ApiOperation({ summary: 'Get the report of the delivery standard about a delivery' })
  @ApiAnswer(200, 'The report', deliveryReportSchema)
  @ApiProblems(400, 401, 404, 410)
  async report(@Param('id', { schema: idSchema }) id: string): Promise<DeliveryReport> {
    return (await this.catalogue.deliveryRow(id))?.report ?? unknownDelivery(id);
  }

  @Get(':id/files')
  @Right(dataOf('delivery', 'id'))
  @ApiOperation({ summary: 'List the files in the parts of a delivery, sorted by path' })
  @ApiAnswer(200, 'A page of files', pageOf(memberFileSchema, 'MemberFilePage'))
  @ApiProblems(400, 401, 404, 410)
  async files(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: filesQuerySchema }) query: z.infer<typeof filesQuerySchema>,
  ): Promise<{ items: MemberFile[]; next: string | null }> {
    const { cursor, limit, item, role } = query;
    const after = decodeCursor(cursor, textKeySchema)?.[0] ?? null;
    const rows = await this.catalogue.files(id, { after, limit: limit + 1, item, role });
    if (rows.length === 0 && (await this.catalogue.deliveryRow(id)) === null) unknownDelivery(id);
    return pageOfRows(rows, limit, memberFileResource, (row) => [row.path]);
  }
}

function unknownDelivery(id: string): never {
  throw new DomainError('not-found', 'catalogue.delivery-unknown', `There is no delivery ${id}`);
}
