import { ApiAnswer, ApiProblems, checked, RequiresScope } from '@almagest/platform';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { DownloadsService } from './downloads.service';
import { sendStored } from './send-stored';

const idSchema = z.uuid();
const nameSchema = z.string().min(1).max(255);

/** `*path` of Express 5 gives the segments of what it matched. */
const pathSchema = z
  .union([z.string(), z.array(z.string()).max(100)])
  .transform((path) => (typeof path === 'string' ? path : path.join('/')));

@ApiTags('Downloads')
@Controller('deliveries/:id')
@RequiresScope('archive:read')
export class DownloadsController {
  constructor(private readonly downloads: DownloadsService) {}

  @Get('parts/:name')
  @ApiOperation({ summary: 'A tar part, byte for byte as it was sent; GET and HEAD, with ranges' })
  @ApiHeader({ name: 'Range', required: false, schema: { type: 'string' }, description: 'One byte range' })
  @ApiAnswer(200, 'The part')
  @ApiAnswer(206, 'A range of it')
  @ApiProblems(400, 401, 403, 404, 416)
  async part(
    @Param('id', { schema: idSchema, pipes: [checked] }) id: string,
    @Param('name', { schema: nameSchema, pipes: [checked] }) name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendStored(await this.downloads.part(id, name), request, response);
  }

  @Get('files/*path')
  @ApiOperation({ summary: 'A file out of a part, without the tar; GET and HEAD, with ranges' })
  @ApiHeader({ name: 'Range', required: false, schema: { type: 'string' }, description: 'One byte range' })
  @ApiAnswer(200, 'The file')
  @ApiAnswer(206, 'A range of it')
  @ApiProblems(400, 401, 403, 404, 416)
  async file(
    @Param('id', { schema: idSchema, pipes: [checked] }) id: string,
    @Param('path', { schema: pathSchema, pipes: [checked] }) path: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendStored(await this.downloads.file(id, path), request, response);
  }
}
