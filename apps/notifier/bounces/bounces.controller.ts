import { Right } from '@almagest/access';
import { bounceSchema, type Mail, mailSchema } from '@almagest/contracts';
import { ApiAnswer, ApiProblems } from '@almagest/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { mailOf } from '../mails/mails.controller';
import { BouncesService } from './bounces.service';

@ApiTags('Mails')
@Controller('mails/bounces')
@Right('archive:operate')
export class BouncesController {
  constructor(private readonly bounces: BouncesService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Record that a mail bounced, from the report of a mail server' })
  @ApiAnswer(200, 'The mail that bounced', mailSchema)
  @ApiProblems(400, 401, 403, 404, 409, 413, 415)
  async post(@Body({ schema: bounceSchema }) { message }: z.infer<typeof bounceSchema>): Promise<Mail> {
    return mailOf(await this.bounces.record(Buffer.from(message, 'latin1')));
  }
}
