import { type Caller, CurrentCaller, dataOf, linkTokenOf, Right } from '@almagest/access';
import { type PartLink, partLinkSchema } from '@almagest/contracts';
import { MAX_LINK_SECONDS } from '@almagest/object-store';
import { ApiAnswer, ApiDownload, ApiProblems, DownloadSlots, sendScript, sendStored } from '@almagest/platform';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { DataPortalService } from './data-portal.service';
import { DownloadsService } from './downloads.service';

const idSchema = z.uuid();
const nameSchema = z.string().min(1).max(255);
const linkQuerySchema = z.object({ seconds: z.coerce.number().int().min(1).max(MAX_LINK_SECONDS).default(3600) });

/** Express 5 returns the segments that `*path` matched. */
const pathSchema = z
  .union([z.string(), z.array(z.string()).max(100)])
  .transform((path) => (typeof path === 'string' ? path : path.join('/')));

@ApiTags('Downloads')
@Controller('deliveries/:id')
@Right(dataOf('delivery', 'id'))
export class DownloadsController {
  constructor(
    private readonly downloads: DownloadsService,
    private readonly slots: DownloadSlots,
  ) {}

  @Get('parts/:name')
  @ApiOperation({ summary: 'Download a tar part, byte for byte as it was posted; GET and HEAD, with ranges' })
  @ApiDownload('The part')
  @ApiProblems(410)
  async part(
    @Param('id', { schema: idSchema }) id: string,
    @Param('name', { schema: nameSchema }) name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendStored(await this.downloads.part(id, name), request, response, this.slots);
  }

  @Get('parts/:name/link')
  @ApiOperation({ summary: 'Get a direct URL of a part: presigned by the object store if possible, otherwise a path' })
  @ApiAnswer(200, 'The URL', partLinkSchema)
  @ApiProblems(400, 401, 404, 410, 503)
  async link(
    @Param('id', { schema: idSchema }) id: string,
    @Param('name', { schema: nameSchema }) name: string,
    @Query({ schema: linkQuerySchema }) { seconds }: z.infer<typeof linkQuerySchema>,
  ): Promise<PartLink> {
    return this.downloads.link(id, name, seconds);
  }

  @Get('download.sh')
  @ApiOperation({ summary: 'Get a POSIX shell script that downloads the parts, resumes, and verifies' })
  @ApiAnswer(200, 'The script')
  @ApiProblems(400, 401, 404, 410)
  async script(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentCaller() caller: Caller | null,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const script = await this.downloads.script(id, linkTokenOf(caller, request));
    sendScript(response, `almagest-products-${id.slice(0, 8)}.sh`, script);
  }

  @Get('files/*path')
  @ApiOperation({ summary: 'Download a file from a part, without the tar; GET and HEAD, with ranges' })
  @ApiDownload('The file')
  @ApiProblems(410)
  async file(
    @Param('id', { schema: idSchema }) id: string,
    @Param('path', { schema: pathSchema }) path: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendStored(await this.downloads.file(id, path), request, response, this.slots);
  }
}

/** Downloads by the names that the clients of the observatory's archive use. */
@ApiTags('Downloads')
@Controller('dataPortal')
@Right(dataOf('name', 'path'))
export class DataPortalController {
  constructor(
    private readonly portal: DataPortalService,
    private readonly slots: DownloadSlots,
  ) {}

  @Get('*path')
  @ApiOperation({
    summary:
      'Download a tar part, or a file from one, of a current delivery by its name or path; GET and HEAD, with ranges',
  })
  @ApiDownload('The part or file')
  @ApiProblems(409)
  async download(
    @Param('path', { schema: pathSchema }) name: string,
    @CurrentCaller() caller: Caller | null,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendStored(await this.portal.find(name, caller), request, response, this.slots);
  }
}
