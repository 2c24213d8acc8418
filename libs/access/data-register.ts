import { DomainError } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import type { Caller } from './caller';
import type { DataKind } from './right';

/** The project that data belong to, and when they become public. */
export interface DataSubject {
  project: string;
  /** Uid of the ObsUnitSet. */
  ous: string;
  /** Uids of the further MemberOUSs that the delivery serves. */
  alsoServes?: readonly string[];
  /** Id of the delivery, when the data are of one delivery. */
  delivery: string | null;
  /** `YYYY-MM-DD`, the last day of the proprietary period; null when it does not end. */
  releaseDate: string | null;
  /** Why the data were withdrawn, for those who may read them; null when they were not. */
  withdrawn: string | null;
}

/** Returns the subject with an id; null when the id is unknown or malformed. */
export type SubjectLookup = (id: string) => Promise<DataSubject | null>;

/**
 * Returns the subjects that the name of a file may mean; at most some of them.
 * @param reader the caller who may read them; null for those that are public
 */
export type NameLookup = (name: string, reader: Caller | null) => Promise<readonly DataSubject[]>;

/** Finds out for the guard whose data a request is about. The modules that keep the data add the look-ups. */
@Injectable()
export class DataRegister {
  private readonly lookups = new Map<DataKind, SubjectLookup>();
  private names: NameLookup | undefined;
  private revocation: ((link: string) => Promise<boolean>) | undefined;

  add(kind: DataKind, lookup: SubjectLookup): void {
    this.lookups.set(kind, lookup);
  }

  /** Adds the look-up of the names of files. */
  addNames(lookup: NameLookup): void {
    this.names = lookup;
  }

  /** Adds the look-up of revoked mail links. */
  addRevocations(isRevoked: (link: string) => Promise<boolean>): void {
    this.revocation = isRevoked;
  }

  async find(kind: DataKind, id: string): Promise<DataSubject | null> {
    const lookup = this.lookups.get(kind);
    if (lookup === undefined) throw new Error(`this service cannot look up a ${kind}`);
    return lookup(id);
  }

  /** Returns everything that an id or name may mean to a reader: several subjects only for a name. */
  async candidates(kind: DataKind, id: string, reader: Caller | null): Promise<readonly DataSubject[]> {
    if (kind !== 'name') {
      const subject = await this.find(kind, id);
      return subject === null ? [] : [subject];
    }
    if (this.names === undefined) throw new Error('this service cannot look up names');
    return this.names(id, reader);
  }

  /** Returns whether a caller, or everybody when it is null, may read some data now. */
  async isReadable(caller: Caller | null, subject: DataSubject): Promise<boolean> {
    if (subject.withdrawn !== null) return false;
    if (isReleased(subject, new Date())) return true;
    if (caller === null || (caller.link !== null && (await this.isRevoked(caller.link.id)))) return false;
    return caller.scopes.includes('archive:read') || this.belongsTo(caller, subject);
  }

  /** Returns those of the things whose delivery a caller, or everybody when it is null, may read now. */
  async readableOf<Thing extends { readonly deliveryId: string }>(
    things: readonly Thing[],
    caller: Caller | null,
  ): Promise<Thing[]> {
    const ids = [...new Set(things.map(({ deliveryId }) => deliveryId))];
    const readable = await Promise.all(
      ids.map(async (id) => {
        const subject = await this.find('delivery', id);
        return subject !== null && (await this.isReadable(caller, subject)) ? [id] : [];
      }),
    );
    const readableIds = new Set(readable.flat());
    return things.filter(({ deliveryId }) => readableIds.has(deliveryId));
  }

  /**
   * Returns true when the data are of a project of the caller, or of the caller's link. Does not check whether the link
   * is revoked.
   * @throws DomainError `auth.withdrawn`: the link of a withdrawn delivery gives no right to later deliveries
   */
  async belongsTo({ projects, link }: Caller, subject: DataSubject): Promise<boolean> {
    if (projects.includes(subject.project)) return true;
    if (link === null) return false;
    if (subject.delivery !== null) return subject.delivery === link.delivery;
    const own = await this.find('delivery', link.delivery);
    if (own === null || ![own.ous, ...(own.alsoServes ?? [])].includes(subject.ous)) return false;
    assertNotWithdrawn(own);
    return true;
  }

  async isRevoked(link: string): Promise<boolean> {
    if (this.revocation === undefined) throw new Error('this service cannot look up revoked links');
    return this.revocation(link);
  }
}

/** Returns true from the day after the release date, in UTC. */
export function isReleased({ releaseDate }: Pick<DataSubject, 'releaseDate'>, now: Date): boolean {
  return releaseDate !== null && now.toISOString().slice(0, 10) > releaseDate;
}

/** @throws DomainError `auth.withdrawn` */
export function assertNotWithdrawn(subject: DataSubject | null): void {
  if (subject?.withdrawn == null) return;
  throw new DomainError('gone', 'auth.withdrawn', subject.withdrawn);
}
