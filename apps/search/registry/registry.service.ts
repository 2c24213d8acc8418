import { Injectable } from '@nestjs/common';
import { SearchConfig } from '../search.config';
import { oaiDocument, type Repository, seconds } from './oai';
import { registryRecords } from './records';
import { RegistrySettings } from './registry.config';

/**
 * The publishing registry of the archive. Its records change with the configuration and the program only, so they are as
 * old as the process: a harvester reads them again after a restart.
 */
@Injectable()
export class RegistryService {
  private readonly updated = seconds(new Date());

  constructor(
    private readonly settings: RegistrySettings,
    private readonly search: SearchConfig,
  ) {}

  /** @throws DomainError `search.registry-off` */
  repository(): Repository {
    const registry = this.settings.registry();
    return {
      name: `Registry of ${registry.publisher}`,
      url: `${this.search.publicUrl}/oai`,
      contact: registry.contact,
      records: registryRecords(registry, this.search, this.updated),
      updated: this.updated,
    };
  }

  /** Answers a request of OAI-PMH 2.0. @throws DomainError `search.registry-off` */
  answer(parameters: readonly (readonly [string, string])[]): string {
    return oaiDocument(parameters, this.repository(), new Date());
  }
}
