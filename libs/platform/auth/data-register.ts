import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors/domain.error';
import type { Caller } from './caller';
import type { DataKind } from './right';

/** To whom data belong and from when on they are everybody's. */
export interface DataSubject {
  project: string;
  /** The ObsUnitSet. */
  ous: string;
  /** The delivery, where it is about one. */
  delivery: string | null;
  /** `YYYY-MM-DD`, the last day of the proprietary period; null: it does not end. */
  releaseDate: string | null;
  /** What to tell who may read it, when it was taken back and is given to nobody any more; null: it is there. */
  withdrawn: string | null;
}

/** What is known by an id; null when there is no such thing, or the id is none. */
export type SubjectLookup = (id: string) => Promise<DataSubject | null>;

/** Where the guard learns whose data a request is about; those who keep the data add how to look it up. */
@Injectable()
export class DataRegister {
  private readonly lookups = new Map<DataKind, SubjectLookup>();
  private revocation: ((link: string) => Promise<boolean>) | undefined;

  add(kind: DataKind, lookup: SubjectLookup): void {
    this.lookups.set(kind, lookup);
  }

  /** Adds how to tell whether a mail's link was revoked. */
  addRevocations(isRevoked: (link: string) => Promise<boolean>): void {
    this.revocation = isRevoked;
  }

  async find(kind: DataKind, id: string): Promise<DataSubject | null> {
    const lookup = this.lookups.get(kind);
    if (lookup === undefined) throw new Error(`this service cannot look up a ${kind}`);
    return lookup(id);
  }

  /**
   * True for data of a project of the caller's, or that their link is about; whether the link was revoked is not asked.
   * @throws DomainError `auth.withdrawn`: a delivery that was taken back gives no right to what came after it
   */
  async areOf({ projects, link }: Caller, subject: DataSubject): Promise<boolean> {
    if (projects.includes(subject.project)) return true;
    if (link === null) return false;
    if (subject.delivery !== null) return subject.delivery === link.delivery;
    const own = await this.find('delivery', link.delivery);
    if (own?.ous !== subject.ous) return false;
    mustBeThere(own);
    return true;
  }

  async isRevoked(link: string): Promise<boolean> {
    if (this.revocation === undefined) throw new Error('this service cannot look up revoked links');
    return this.revocation(link);
  }
}

/** True from the day after the release date on, by UTC. */
export function isReleased({ releaseDate }: Pick<DataSubject, 'releaseDate'>, now: Date): boolean {
  return releaseDate !== null && now.toISOString().slice(0, 10) > releaseDate;
}

/** @throws DomainError `auth.withdrawn` */
export function mustBeThere(subject: DataSubject | null): void {
  if (subject?.withdrawn == null) return;
  throw new DomainError('gone', 'auth.withdrawn', subject.withdrawn);
}
