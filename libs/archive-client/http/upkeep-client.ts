import {
  type Rebuild,
  rebuildSchema,
  rebuildWithFindingsSchema,
  type Reconciliation,
  reconciliationSchema,
  reconciliationWithFindingsSchema,
  type Scrub,
  scrubSchema,
  scrubWithFindingsSchema,
  type SearchRebuild,
  searchRebuildSchema,
  type UpkeepFinding,
} from '@almagest/contracts';
import { z } from 'zod';
import type { ArchiveRequests } from './archive-requests';

const PER_PAGE = 500;

/** The run of each kind of upkeep. */
export interface RunOf {
  scrub: Scrub;
  reconciliation: Reconciliation;
  rebuild: Rebuild;
  'search-rebuild': SearchRebuild;
}
export type UpkeepKind = keyof RunOf;

interface FindingPage {
  findings: { items: UpkeepFinding[]; next: string | null };
}

type Routes = {
  [Kind in UpkeepKind]: {
    path: string;
    run: z.ZodType<RunOf[Kind]>;
    /** Null for a kind of run that finds nothing. */
    withFindings: z.ZodType<RunOf[Kind] & FindingPage> | null;
  };
};

const ROUTES: Routes = {
  scrub: { path: '/upkeep/scrubs', run: scrubSchema, withFindings: scrubWithFindingsSchema },
  reconciliation: {
    path: '/upkeep/reconciliations',
    run: reconciliationSchema,
    withFindings: reconciliationWithFindingsSchema,
  },
  rebuild: { path: '/upkeep/rebuilds', run: rebuildSchema, withFindings: rebuildWithFindingsSchema },
  'search-rebuild': { path: '/upkeep/search-rebuilds', run: searchRebuildSchema, withFindings: null },
};

/** The upkeep routes for one kind of run. Every method throws ArchiveClientError. */
export class UpkeepClient<Kind extends UpkeepKind> {
  private readonly routes: Routes[Kind];

  constructor(
    private readonly requests: Pick<ArchiveRequests, 'json'>,
    kind: Kind,
  ) {
    this.routes = ROUTES[kind];
  }

  /** Starts a run, or joins a run of its kind that is in progress. */
  async request(body?: unknown): Promise<RunOf[Kind]> {
    const { path, run } = this.routes;
    const request = { method: 'POST' as const, path, ...(body === undefined ? {} : { body }) };
    return (await this.requests.json(run, request)).value;
  }

  async run(id: string): Promise<RunOf[Kind]> {
    const { path, run } = this.routes;
    return (await this.requests.json(run, { path: `${path}/${id}`, query: { limit: 1 } })).value;
  }

  /** Lists everything a run found. */
  async *findings(id: string): AsyncGenerator<UpkeepFinding> {
    const { path, withFindings } = this.routes;
    if (withFindings === null) return;
    for (let cursor: string | undefined; ;) {
      const request = { path: `${path}/${id}`, query: { limit: PER_PAGE, cursor } };
      const { findings } = (await this.requests.json(withFindings, request)).value;
      yield* findings.items;
      if (findings.next === null) return;
      cursor = findings.next;
    }
  }

  /** Lists the ids of all runs, newest first. */
  async *runs(): AsyncGenerator<{ id: string }> {
    const { path, run } = this.routes;
    const page = z.object({ items: z.array(run), next: z.string().nullable() });
    for (let cursor: string | undefined; ;) {
      const { items, next } = (await this.requests.json(page, { path, query: { limit: PER_PAGE, cursor } })).value;
      yield* items;
      if (next === null) return;
      cursor = next;
    }
  }
}
