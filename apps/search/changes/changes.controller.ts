import { Right } from '@almagest/access';
import { changeSchema } from '@almagest/contracts';
import { ApiAnswer, ApiProblems } from '@almagest/platform';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { goneSignal } from '../queries/query-answer';
import { ChangesService } from './changes.service';

/** Ends before proxies give up, which most do after 60 s. */
const MAX_WAIT_SECONDS = 30;

const querySchema = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).meta({
    description: 'The `id` of the last change that the caller has',
  }),
  limit: z.coerce.number().int().min(1).max(1000).default(100).meta({ description: 'Changes at most' }),
  wait: z.coerce.number().int().min(0).max(MAX_WAIT_SECONDS).default(0).meta({
    description: 'Seconds to wait for a change if there is none',
  }),
});

@ApiTags('Changes')
@Controller('changes')
@Right('public')
export class ChangesController {
  constructor(private readonly changes: ChangesService) {}

  @Get()
  @ApiOperation({
    summary: 'What was added, replaced, withdrawn and released, in this order, each once, as JSON Lines',
    description: '`Link` with `rel="next"` is the URL of the changes after these: follow it for ever.',
  })
  @ApiAnswer(200, 'JSON Lines, a change in each; none if there is no change yet', changeSchema)
  @ApiProblems(400, 410)
  async get(
    @Query({ schema: querySchema }) { after, limit, wait }: z.infer<typeof querySchema>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const changes = await this.changes.after(after, limit, wait, goneSignal(response));
    const next = new URLSearchParams({ after: String(changes.at(-1)?.id ?? after), limit: String(limit) });
    if (wait > 0) next.set('wait', String(wait));
    response
      .set({ Link: `<${request.path}?${next.toString()}>; rel="next"`, 'Cache-Control': 'no-store' })
      .type('application/jsonl')
      .send(changes.map((change) => `${JSON.stringify(change)}\n`).join(''));
  }
}
