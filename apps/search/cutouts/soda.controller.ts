import { pipeline } from 'node:stream/promises';
import { Right } from '@almagest/access';
import { ApiAnswer, DownloadSlots, INERT } from '@almagest/platform';
import { applyDecorators, Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { goneSignal } from '../queries/query-answer';
import { Availability } from '../tap/availability';
import { capabilitiesOf, commonCapabilities } from '../tap/capability';
import { DaliParameters } from '../tap/dali-parameters';
import { AnswersForm, VosiDocument } from '../tap/vo-documentation';
import { CutoutConfig } from './cutout.config';
import { type CutoutRequest, cutoutRequest } from './cutout-request';
import { CutoutsService, type Source } from './cutouts.service';
import { SodaErrorFilter } from './soda-error.filter';

const ID_EXAMPLE = 'NGC9999.cont.pbcor.fits';

/** Documents the answers of a cutout. */
function ApiCutout(): MethodDecorator {
  return applyDecorators(
    ApiAnswer(200, 'A FITS file'),
    ApiAnswer(204, 'The image has nothing of what is requested'),
    ApiAnswer(400, 'Text that says what is wrong: UsageError or MultiValuedParamNotSupported'),
    ApiAnswer(401, 'The data are proprietary, and the token or link is missing, unknown, expired or revoked'),
    ApiAnswer(404, 'Not found, or the caller is not authorised to access it'),
    ApiAnswer(503, 'Text that says why not now; `Retry-After` says when to try again'),
  );
}

/** Cutouts of images (SODA 1.0). */
@ApiTags('virtual observatory')
@Controller('soda')
@Right('public')
@UseFilters(SodaErrorFilter)
export class SodaController {
  constructor(
    private readonly cutouts: CutoutsService,
    private readonly slots: DownloadSlots,
    private readonly config: CutoutConfig,
    private readonly availability: Availability,
  ) {}

  @Get('sync')
  @ApiOperation({ summary: 'Cut a part out of an image (SODA 1.0): ID, POS, CIRCLE, POLYGON, BAND, POL' })
  @ApiQuery({ name: 'ID', example: ID_EXAMPLE, description: 'The name or path of an image' })
  @ApiQuery({ name: 'CIRCLE', required: false, description: 'Longitude, latitude and radius in degrees, ICRS' })
  @ApiQuery({ name: 'POLYGON', required: false, description: 'Longitude and latitude of each vertex' })
  @ApiQuery({ name: 'POS', required: false, description: 'CIRCLE, RANGE or POLYGON with numbers in degrees' })
  @ApiQuery({ name: 'BAND', required: false, description: 'Two wavelengths in metres' })
  @ApiQuery({ name: 'POL', required: false, description: 'A Stokes parameter or correlation; can be repeated' })
  @ApiCutout()
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Post('sync')
  @ApiOperation({ summary: 'Cut a part out of an image (SODA 1.0), with the parameters in a form' })
  @AnswersForm({ ID: ID_EXAMPLE })
  @ApiCutout()
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('capabilities')
  @VosiDocument('What the SODA service supports (VOSI 1.1)')
  capabilities(): string {
    const url = `${this.config.publicUrl}/soda`;
    const description = `Cutouts of FITS images, one at a time, of at most ${this.config.maxBytes} bytes`;
    return capabilitiesOf([
      { standard: 'SODA#sync-1.0', url: `${url}/sync`, use: 'base', version: '1.0', description },
      ...commonCapabilities(url),
    ]);
  }

  @Get('availability')
  @VosiDocument('Whether the SODA service is available (VOSI 1.1)')
  async available(): Promise<string> {
    return this.availability.document();
  }

  private async answer(request: Request, response: Response): Promise<void> {
    response.setHeader('Cache-Control', 'private, no-cache');
    const cutout = cutoutRequest(await DaliParameters.of(request));
    const source = await this.cutouts.find(cutout.id, request);
    // A client that has left already gets no slot: nothing would free it.
    if (response.destroyed) return;
    const release = this.slots.take({ caller: source.caller, ip: request.ip });
    response.on('close', release);
    const gone = goneSignal(response);
    try {
      await this.send(source, cutout, request, response, gone);
    } catch (error) {
      if (!gone.aborted) throw error;
    }
  }

  private async send(
    source: Source,
    wanted: CutoutRequest,
    { method }: Request,
    response: Response,
    signal: AbortSignal,
  ): Promise<void> {
    const cutout = await this.cutouts.open(source, wanted, signal);
    if (cutout === null) {
      response.status(204).end();
      return;
    }
    response.attachment(source.name.replace(/\.fits$/i, '.cutout.fits')).set(INERT);
    response.setHeader('Content-Type', 'application/fits');
    response.setHeader('Content-Length', String(cutout.size));
    if (method === 'HEAD') response.end();
    else await pipeline(cutout.pieces, response);
  }
}
