import { pointer } from '@almagest/contracts';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { DomainError } from '../errors/domain.error';

/** Checks a route's parameter, query or body against its `schema`; what is wrong becomes a 400 with every violation. */
export const checked = new StandardSchemaValidationPipe({
  exceptionFactory: (issues): DomainError =>
    new DomainError('invalid', 'http.request-invalid', 'The request cannot be understood', {
      violations: issues.map((issue) => ({
        pointer: pointer((issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step))),
        message: issue.message,
      })),
    }),
});

/** Documents a route's answer by the contract it follows. */
export function ApiAnswer(status: number, description: string, schema?: z.ZodType): MethodDecorator {
  return ApiResponse({ status, description, ...(schema === undefined ? {} : { standardSchema: schema }) });
}
