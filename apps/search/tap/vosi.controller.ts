import { Right } from '@almagest/access';
import { ApiAnswer } from '@almagest/platform';
import { Controller, Get, Header, Param, Query, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { SearchConfig } from '../search.config';
import { Availability } from './availability';
import { tapCapabilities } from './capabilities';
import { capabilitiesOf } from './capability';
import { examplesPage } from './examples';
import { tableDocument, tableSetDocument } from './table-set';
import { VosiDocument } from './vo-documentation';
import { VoErrorFilter } from './vo-error.filter';

/** What the service is and has (VOSI 1.1). */
@ApiTags('virtual observatory')
@Controller('tap')
@Right('public')
@UseFilters(VoErrorFilter)
export class VosiController {
  constructor(
    private readonly config: SearchConfig,
    private readonly checks: Availability,
  ) {}

  @Get('capabilities')
  @VosiDocument('What the TAP service supports (VOSI 1.1, TAPRegExt 1.0)')
  capabilities(): string {
    return capabilitiesOf(tapCapabilities(this.config));
  }

  @Get('availability')
  @VosiDocument('Whether the TAP service is available (VOSI 1.1)')
  async availability(): Promise<string> {
    return this.checks.document();
  }

  @Get('tables')
  @VosiDocument('The tables that queries can name (VOSI 1.1); `detail=min` leaves out their columns')
  tables(@Query('detail') detail?: string): string {
    return tableSetDocument(detail !== 'min');
  }

  @Get('tables/:name')
  @VosiDocument('The columns of one table (VOSI 1.1)')
  @ApiParam({ name: 'name', example: 'ivoa.obscore' })
  @ApiAnswer(404, 'There is no such table')
  table(@Param('name') name: string): string {
    return tableDocument(name);
  }

  @Get('examples')
  @Header('Content-Type', 'application/xhtml+xml; charset=utf-8')
  @ApiOperation({ summary: 'Examples of queries, for people and programs (DALI 1.1)' })
  @ApiAnswer(200, 'XHTML')
  examples(): string {
    return examplesPage();
  }
}
