import { Right } from '@almagest/access';
import { type Mail, mailSchema, type MailWithBody, mailWithBodySchema, pageOf, uidSchema } from '@almagest/contracts';
import {
  ApiAnswer,
  ApiProblems,
  bigintKeySchema,
  decodeCursor,
  DomainError,
  pageOfRows,
  pageQuerySchema,
} from '@almagest/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import mustache from 'mustache';
import { z } from 'zod';
import type { MailRow } from './mail.entity';
import { MailsRepository } from './mails.repository';

const idSchema = z.uuid();
const listQuerySchema = pageQuerySchema.extend({ ous: uidSchema.optional() });

@ApiTags('Mails')
@Controller('mails')
@Right('archive:operate')
export class MailsController {
  constructor(private readonly mails: MailsRepository) {}

  @Get()
  @ApiOperation({ summary: 'List mails, newest first' })
  @ApiAnswer(200, 'A page of mails without their bodies', pageOf(mailSchema, 'MailPage'))
  @ApiProblems(400, 401, 403)
  async list(
    @Query({ schema: listQuerySchema }) query: z.infer<typeof listQuerySchema>,
  ): Promise<{ items: Mail[]; next: string | null }> {
    const before = decodeCursor(query.cursor, bigintKeySchema)?.[0] ?? null;
    const rows = await this.mails.list({ ous: query.ous, before, limit: query.limit + 1 });
    return pageOfRows(rows, query.limit, mailOf, (row) => [row.position]);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a mail with its text and its HTML' })
  @ApiAnswer(200, 'The mail', mailWithBodySchema)
  @ApiProblems(400, 401, 403, 404)
  async mail(@Param('id', { schema: idSchema }) id: string): Promise<MailWithBody> {
    const row = await this.mails.find(id);
    if (row === null) throw new DomainError('not-found', 'notifier.mail-unknown', `There is no mail ${id}`);
    return { ...mailOf(row), text: withoutAddress(row.text, row), html: withoutAddress(row.html, row) };
  }
}

/** Hides the recipient's address, which a command in the mail contains, as it is in text, in shell quotes and in HTML. */
function withoutAddress(body: string, { email }: MailRow): string {
  const forms = [email, email.replaceAll("'", "'\\''")];
  return [...forms, ...forms.map((form) => mustache.escape(form))].reduce(
    (hidden, form) => hidden.replaceAll(form, '(address)'),
    body,
  );
}

/** The representation of a mail without its body. */
export function mailOf(row: MailRow): Mail {
  const { id, ous, revision, role, subject, state, error } = row;
  return {
    id,
    ous,
    revision,
    role,
    subject,
    state,
    error,
    delivery: row.delivery_id,
    recipient: row.name,
    createdAt: row.created_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
  };
}
