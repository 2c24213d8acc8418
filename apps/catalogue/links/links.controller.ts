import { Right } from '@almagest/access';
import { type DeliveryLink, deliveryLinkRequestSchema, deliveryLinkSchema } from '@almagest/contracts';
import { ApiAnswer, ApiProblems } from '@almagest/platform';
import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { LinksService } from './links.service';

const idSchema = z.uuid();

@ApiTags('Links')
@Controller()
@Right('archive:operate')
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Post('deliveries/:id/links')
  @ApiOperation({ summary: 'Create a link to a delivery, for example when a mail is lost or its link has expired' })
  @ApiAnswer(201, 'The link; the archive does not record it and cannot show it again', deliveryLinkSchema)
  @ApiProblems(400, 401, 403, 404, 410)
  async create(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: deliveryLinkRequestSchema }) { days }: z.infer<typeof deliveryLinkRequestSchema>,
  ): Promise<DeliveryLink> {
    return this.links.create(id, days);
  }

  @Delete('links/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a link; the link in a mail has the id of the mail' })
  @ApiAnswer(204, 'The link is no longer valid')
  @ApiProblems(400, 401, 403)
  async revoke(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.links.revoke(id);
  }
}
