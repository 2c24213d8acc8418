import { Right } from '@almagest/access';
import {
  deadLetterSchema,
  type DeadLetterSummary,
  type DeadLetterWithMessage,
  deadLetterWithMessageSchema,
  pageOf,
  SERVICES,
} from '@almagest/contracts';
import { type DeadLetterRow, DeadLetters } from '@almagest/messaging';
import { ApiAnswer, ApiProblems, bigintKeySchema, decodeCursor, pageOfRows, pageQuerySchema } from '@almagest/platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Page } from './upkeep.pages';

const idSchema = z.string().regex(/^\d{1,18}$/, 'expected the number of a dead letter');
const listQuerySchema = pageQuerySchema.extend({
  state: deadLetterSchema.shape.state.optional(),
  service: z.enum(SERVICES).optional(),
});

/** Messages that services could not handle. All services share the table of dead letters; the catalogue serves it. */
@ApiTags('Upkeep')
@Controller('upkeep/dead-letters')
@Right('archive:operate')
export class DeadLettersController {
  constructor(private readonly letters: DeadLetters) {}

  @Get()
  @ApiOperation({ summary: 'List dead letters, the messages that services could not handle, newest first' })
  @ApiAnswer(200, 'A page of dead letters', pageOf(deadLetterSchema, 'DeadLetterPage'))
  @ApiProblems(400, 401, 403)
  async list(
    @Query({ schema: listQuerySchema })
    { cursor, limit, ...filter }: z.infer<typeof listQuerySchema>,
  ): Promise<Page<DeadLetterSummary>> {
    const before = decodeCursor(cursor, bigintKeySchema)?.[0] ?? null;
    return pageOfRows(await this.letters.list(filter, before, limit + 1), limit, summaryOf, ({ id }) => [id]);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a dead letter with its message' })
  @ApiAnswer(200, 'The dead letter', deadLetterWithMessageSchema)
  @ApiProblems(400, 401, 403, 404)
  async get(@Param('id', { schema: idSchema }) id: string): Promise<DeadLetterWithMessage> {
    const row = await this.letters.find(id);
    return { ...summaryOf(row), message: row.message };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Replay a dead letter: send its message to its service again; a second replay has no effect',
  })
  @ApiAnswer(200, 'The message is replayed', deadLetterSchema)
  @ApiProblems(400, 401, 403, 404)
  async replay(@Param('id', { schema: idSchema }) id: string): Promise<DeadLetterSummary> {
    return summaryOf(await this.letters.replay(id));
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Discard a dead letter; it is kept, but no longer waits for an operator' })
  @ApiAnswer(200, 'The dead letter is discarded', deadLetterSchema)
  @ApiProblems(400, 401, 403, 404, 409)
  async discard(@Param('id', { schema: idSchema }) id: string): Promise<DeadLetterSummary> {
    return summaryOf(await this.letters.discard(id));
  }
}

function summaryOf({ message, dead_at, settled_at, ...row }: DeadLetterRow): DeadLetterSummary {
  const { type, subject } = { ...(message as object) } as { type?: unknown; subject?: unknown };
  return {
    ...row,
    type: typeof type === 'string' ? type : null,
    subject: typeof subject === 'string' && subject !== '' ? subject : null,
    deadAt: dead_at.toISOString(),
    settledAt: settled_at?.toISOString() ?? null,
  };
}
