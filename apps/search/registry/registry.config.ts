import { DomainError } from '@almagest/platform';
import { z } from 'zod';

/** What records of this archive in registries of the VO say. Without all three, there are no records. */
export const registryVariables = {
  REGISTRY_AUTHORITY: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._~*!+-]{2,254}$/, {
      error: 'expected an IVOA authority such as archive.example.org',
    })
    .optional()
    .meta({
      description: 'Authority of the identifiers `ivo://AUTHORITY/...` in the registry of the archive (`/oai`)',
    }),
  REGISTRY_PUBLISHER: z.string().min(1).optional().meta({ description: 'Organisation that publishes the archive' }),
  REGISTRY_CONTACT: z.email().optional().meta({ description: 'Mail address for questions about the archive' }),
};

/** The organisation that the records name. */
export interface RegistryConfig {
  readonly authority: string;
  readonly publisher: string;
  readonly contact: string;
}

/** What is configured of the registry. */
export class RegistrySettings {
  constructor(private readonly variables: Readonly<z.infer<z.ZodObject<typeof registryVariables>>>) {}

  /** @throws DomainError `search.registry-off` when it is not configured */
  registry(): RegistryConfig {
    const { REGISTRY_AUTHORITY: authority, REGISTRY_PUBLISHER: publisher, REGISTRY_CONTACT: contact } = this.variables;
    if (authority === undefined || publisher === undefined || contact === undefined) {
      const names = Object.keys(registryVariables) as (keyof typeof registryVariables)[];
      const missing = names.filter((name) => this.variables[name] === undefined).join(', ');
      const message = `This archive has no registry: its configuration lacks ${missing}`;
      throw new DomainError('not-found', 'search.registry-off', message);
    }
    return { authority, publisher, contact };
  }
}
