import { parseInput, violationsOf } from '@almagest/contracts';
import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';
import { DomainError } from '../errors';

const documentationOnly = new WeakSet<object>();

/** Marks the schema of a body that is documented by it, but parsed by the handler, which reports faults in its own way. */
export function parsedByHandler<Schema extends z.ZodType>(schema: Schema): Schema {
  documentationOnly.add(schema);
  return schema;
}

/**
 * The global pipe of every service: parses each parameter, query and body that states a `schema`. A fault becomes a 400
 * that lists every violation.
 */
export class RequestValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.schema !== undefined && documentationOnly.has(metadata.schema)) return value;
    return super.transform(value, metadata);
  }

  /** @throws DomainError `http.request-invalid` */
  protected override validate<T>(value: unknown, schema: NonNullable<ArgumentMetadata['schema']>): { value: T } {
    const parsed = parseInput(schema as unknown as z.ZodType<T>, value);
    if (parsed.success) return { value: parsed.data };
    throw new DomainError('invalid', 'http.request-invalid', 'Invalid request', {
      violations: violationsOf(parsed.error),
    });
  }
}
