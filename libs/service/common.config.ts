import { accessVariables } from '@almagest/access';
import {
  busVariables,
  databaseVariables,
  httpVariables,
  processVariables,
  retryVariables,
  tracingVariables,
} from '@almagest/platform';
import { z } from 'zod';

/** The environment variables of every service. */
export const commonConfigSchema = z.object({
  ...databaseVariables,
  ...httpVariables,
  ...accessVariables,
  ...busVariables,
  ...tracingVariables,
  ...retryVariables,
  ...processVariables,
});
export type CommonConfig = Readonly<z.infer<typeof commonConfigSchema>>;
