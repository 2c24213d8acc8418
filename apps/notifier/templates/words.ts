import type { Ous } from '@almagest/contracts';

export function whatOf(level: 'member' | 'group'): string {
  return level === 'group' ? 'GroupOUS' : 'MemberOUS';
}

/** `2014-12-05` */
export function dayOf(instant: string | Date): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** What a mail names a MemberOUS by besides its uid; nothing of it for a GroupOUS. */
export function memberOf(unit: Ous): { member: boolean; array: string | null; sb: string | null } {
  if (unit.level === 'group') return { member: false, array: null, sb: null };
  return { member: true, array: unit.array, sb: unit.schedulingBlock?.name ?? null };
}
