import { z } from 'zod';
import { violationSchema } from './violation';

/** An error response: RFC 9457 `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: '`about:blank`, or `urn:almagest:problem:<code>`' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string().optional().meta({ description: 'A stable code for programs' }),
    violations: z.array(violationSchema).optional().meta({ description: 'Every fault in the request' }),
    differences: z.array(z.string()).optional().meta({
      description: 'JSON pointers at which the posted QA2 result differs from the recorded one',
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
