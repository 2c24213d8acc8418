export function whatOf(level: 'member' | 'group'): string {
  return level === 'group' ? 'GroupOUS' : 'MemberOUS';
}

/** `2014-12-05` */
export function dayOf(instant: string | Date): string {
  return new Date(instant).toISOString().slice(0, 10);
}
