import { Right } from '@almagest/access';
import { projectCodeSchema } from '@almagest/contracts';
import { ApiAnswer, ApiProblems, DomainError, ifNoneMatchHas } from '@almagest/platform';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CoverageService, MOC_FORMATS } from './coverage.service';

const coverageQuerySchema = z.object({
  project: projectCodeSchema.optional().meta({ description: 'Only what this project has' }),
  band: z.coerce.number().int().min(1).max(10).optional().meta({ description: 'Only what this receiver band has' }),
  format: z.enum(['fits', 'json']).default('fits').meta({ description: 'Form of the map' }),
});

/** Which parts of the sky the archive has observations of (MOC 2.0). */
@ApiTags('virtual observatory')
@Controller('moc')
@Right('public')
export class CoverageController {
  constructor(private readonly coverage: CoverageService) {}

  @Get()
  @ApiOperation({ summary: 'The part of the sky that is observed, as a coverage map (MOC 2.0) of order 10' })
  @ApiAnswer(200, 'FITS (NUNIQ) or JSON')
  @ApiAnswer(304, 'The client has the current map')
  @ApiProblems(400, 404)
  async map(
    @Query({ schema: coverageQuerySchema }) { format, ...scope }: z.infer<typeof coverageQuerySchema>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const fingerprint = await this.coverage.fingerprint(scope);
    if (fingerprint === null) {
      throw new DomainError('not-found', 'search.unknown-project', `There is nothing of project ${scope.project}`);
    }
    const etag = `"${fingerprint}.${format}"`;
    response.setHeader('ETag', etag).setHeader('Cache-Control', 'public, no-cache');
    if (ifNoneMatchHas(request.headers['if-none-match'], etag)) {
      response.status(304).end();
      return;
    }
    const name = ['coverage', scope.project, scope.band === undefined ? undefined : `band${scope.band}`];
    response.attachment(`${name.filter((part) => part !== undefined).join('_')}.${format}`);
    // After the name, from which Express derives another type.
    response.type(MOC_FORMATS[format]);
    response.send(await this.coverage.map(scope, format, fingerprint));
  }
}
