import { readFileSync } from 'node:fs';
import { parseInput } from '@almagest/contracts';
import { z } from 'zod';
import { messageOf, PlatformError } from '../errors';

declare module 'zod' {
  interface GlobalMeta {
    /** The value is a secret: `<NAME>_FILE` may name a file that contains it. */
    secret?: boolean;
  }
}

/**
 * Reads a configuration from environment variables into a frozen object. An empty variable counts as unset, as in a
 * compose file; values in `fixed` override the environment. A secret may come from the file that `<NAME>_FILE` names, as
 * orchestrators mount secrets.
 * @throws PlatformError `platform.config-invalid` that names every invalid or missing variable
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  fixed: Readonly<Record<string, string>> = {},
): Readonly<z.infer<Schema>> {
  const faults = new Map<string, string>();
  const given: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    try {
      const value = fixed[name] ?? (isSecret(field) ? readSecret(name) : process.env[name]);
      if (value) given[name] = value;
    } catch (error) {
      faults.set(name, messageOf(error));
    }
  }
  const parsed = parseInput(schema, given);
  if (parsed.success && faults.size === 0) return Object.freeze(parsed.data);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = path.join('.');
    // A secret whose file could not be read is not reported as missing too.
    if (!faults.has(name)) faults.set(name, message);
  }
  const lines = [...faults].map(([name, fault]) => `  ${name}: ${fault}`);
  throw new PlatformError('platform.config-invalid', `Invalid configuration:\n${lines.join('\n')}`);
}

/** Returns true when a variable may come from a file. */
export function isSecret(field: unknown): boolean {
  return field instanceof z.ZodType && field.meta()?.secret === true;
}

/** @throws Error naming the variable when its file cannot be read, or when both the variable and the file are given */
function readSecret(name: string): string | undefined {
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
