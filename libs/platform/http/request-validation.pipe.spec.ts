import type { ArgumentMetadata } from '@nestjs/common';
import { z } from 'zod';
import { RequestValidationPipe } from './request-validation.pipe';

describe('RequestValidationPipe', () => {
  const pipe = new RequestValidationPipe();
  const query = (schema?: z.ZodType): ArgumentMetadata => ({ type: 'query', schema }) as ArgumentMetadata;

  it('returns the parsed value', async () => {
    const schema = z.object({ limit: z.coerce.number().default(100) });
    expect(await pipe.transform({ limit: '5' }, query(schema))).toEqual({ limit: 5 });
    expect(await pipe.transform({}, query(schema))).toEqual({ limit: 100 });
  });

  it('leaves a parameter without a schema as it is', async () => {
    expect(await pipe.transform('uid', query())).toBe('uid');
  });

  it('refuses an invalid value with every violation', async () => {
    const schema = z.strictObject({ limit: z.coerce.number(), part: z.object({ size: z.int() }) });
    await expect(pipe.transform({ limit: 'many', part: {}, 'a/b': 1 }, query(schema))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'http.request-invalid',
      detail: {
        violations: [
          { pointer: '/limit', message: 'expected a number, found "many"' },
          { pointer: '/part/size', message: 'is missing' },
          { pointer: '/a~1b', message: 'unknown field' },
        ],
      },
    });
  });
});
