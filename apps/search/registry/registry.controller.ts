import { Right } from '@almagest/access';
import { ApiAnswer, ApiProblems, DomainError } from '@almagest/platform';
import { XML_DECLARATION } from '@almagest/votable';
import { Controller, Get, Header, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { XML } from '../tap/availability';
import { AnswersForm } from '../tap/vo-documentation';
import { argumentsOf } from './oai-arguments';
import { RegistryService } from './registry.service';

/** The archive in the registries of the Virtual Observatory. */
@ApiTags('virtual observatory')
@Controller()
@Right('public')
export class RegistryController {
  constructor(private readonly registry: RegistryService) {}

  @Get('oai')
  @Header('Content-Type', 'text/xml; charset=utf-8')
  @ApiOperation({
    summary: 'The publishing registry (OAI-PMH 2.0; Registry Interfaces 1.1): verb, metadataPrefix, ...',
  })
  @ApiAnswer(200, 'XML, also for requests that are wrong')
  @ApiProblems(400, 404)
  async get(@Req() request: Request): Promise<string> {
    return this.registry.answer(await argumentsOf(request));
  }

  @Post('oai')
  @Header('Content-Type', 'text/xml; charset=utf-8')
  @ApiOperation({ summary: 'The publishing registry (OAI-PMH 2.0), with the arguments in a form' })
  @AnswersForm({ verb: 'Identify' })
  @ApiAnswer(200, 'XML, also for requests that are wrong')
  @ApiProblems(400, 404, 415)
  async post(@Req() request: Request): Promise<string> {
    return this.registry.answer(await argumentsOf(request));
  }

  @Get('registry/:record')
  @Header('Content-Type', XML)
  @ApiOperation({ summary: 'A record of the archive in registries (VOResource 1.1)' })
  @ApiParam({ name: 'record', enum: ['archive', 'registry', 'authority', 'organisation'] })
  @ApiAnswer(200, 'XML')
  @ApiProblems(400, 404)
  record(@Param('record') name: string): string {
    const record = this.registry.repository().records.find((one) => one.name === name);
    if (record === undefined) throw new DomainError('not-found', 'search.unknown-record', `There is no record ${name}`);
    return XML_DECLARATION + record.resource;
  }
}
