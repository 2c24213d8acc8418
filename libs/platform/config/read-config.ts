import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../errors/message-of';
import { PlatformError } from '../errors/platform.error';

declare module 'zod' {
  interface GlobalMeta {
    /** The value is a secret: `<NAME>_FILE` may name a file that holds it. */
    secret?: boolean;
  }
}

/**
 * Reads a service's configuration once from environment variables into a frozen object. An empty variable counts as
 * unset, as in a compose file; what is `fixed` by the caller goes before the environment. A secret may come from the
 * file that `<NAME>_FILE` names instead, as orchestrators mount them.
 * @throws PlatformError `platform.config-invalid` that names every variable that is wrong or missing
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  fixed: Readonly<Record<string, string>> = {},
): Readonly<z.infer<Schema>> {
  const wrong = new Map<string, string>();
  const given: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    try {
      const value = fixed[name] ?? (isSecret(field) ? secretOf(name) : process.env[name]);
      if (value) given[name] = value;
    } catch (error) {
      wrong.set(name, messageOf(error));
    }
  }
  const parsed = schema.safeParse(given);
  if (parsed.success && wrong.size === 0) return Object.freeze(parsed.data);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = path.join('.');
    // What could not be read is not missing as well.
    if (!wrong.has(name)) wrong.set(name, message);
  }
  const lines = [...wrong].map(([name, fault]) => `  ${name}: ${fault}`);
  throw new PlatformError('platform.config-invalid', `The configuration cannot be used:\n${lines.join('\n')}`);
}

/** Whether a variable may come from a file. */
export function isSecret(field: unknown): boolean {
  return field instanceof z.ZodType && field.meta()?.secret === true;
}

/** @throws Error naming the variable when its file cannot be read, or both it and the file are given */
function secretOf(name: string): string | undefined {
  const [value, file] = [process.env[name], process.env[`${name}_FILE`]];
  if (!file) return value;
  if (value) throw new Error(`give either ${name} or ${name}_FILE, not both`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`cannot read ${name}_FILE, ${file} (${code})`, { cause: error });
  }
}
