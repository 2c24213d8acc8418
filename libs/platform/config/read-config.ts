import type { z } from 'zod';
import { PlatformError } from '../errors/platform.error';

/**
 * Reads a service's configuration once from environment variables into a frozen object. An empty variable counts as
 * unset, as in a compose file; what is `fixed` by the caller goes before the environment.
 * @throws PlatformError `platform.config-invalid` that names every variable that is wrong or missing
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  fixed: Readonly<Record<string, string>> = {},
): Readonly<z.infer<Schema>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = fixed[name] ?? process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new PlatformError('platform.config-invalid', `The configuration cannot be used:\n${wrong.join('\n')}`);
  }
  return Object.freeze(parsed.data);
}
