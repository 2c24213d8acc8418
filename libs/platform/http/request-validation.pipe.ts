import { parseInput, violationsOf } from '@almagest/contracts';
import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';
import { DomainError } from '../errors';

/**
 * The global pipe of every service: parses each parameter, query and body that states a `schema`. A fault becomes a 400
 * that lists every violation.
 */
export class RequestValidationPipe extends StandardSchemaValidationPipe {
  /** @throws DomainError `http.request-invalid` */
  protected override validate<T>(value: unknown, schema: NonNullable<ArgumentMetadata['schema']>): { value: T } {
    const parsed = parseInput(schema as unknown as z.ZodType<T>, value);
    if (parsed.success) return { value: parsed.data };
    throw new DomainError('invalid', 'http.request-invalid', 'Invalid request', {
      violations: violationsOf(parsed.error),
    });
  }
}
