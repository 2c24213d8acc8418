import { Right } from '@almagest/access';
import { type AsdmList, asdmListSchema, uidInPathSchema } from '@almagest/contracts';
import { fromFileForm } from '@almagest/ous';
import { ApiAnswer, ApiProblems } from '@almagest/platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AsdmsService } from './asdms.service';

@ApiTags('Raw data')
@Controller('ous/:uid/asdms')
@Right('public')
export class AsdmsController {
  constructor(private readonly asdms: AsdmsService) {}

  @Get()
  @ApiOperation({ summary: 'List the raw ASDMs of a MemberOUS, used and additional' })
  @ApiAnswer(200, 'The ASDMs', asdmListSchema)
  @ApiProblems(400, 404)
  async list(@Param('uid', { schema: uidInPathSchema }) uid: string): Promise<AsdmList> {
    return this.asdms.list(fromFileForm(uid));
  }
}
