import { z } from 'zod';
import { differingValueSchema } from './content';
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
    differingValues: z.array(differingValueSchema).optional().meta({
      description:
        'The recorded and the posted value at each of `differences`; a value is absent when there is none at the pointer',
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
