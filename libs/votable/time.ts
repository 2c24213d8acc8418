import type { Field } from './field';

/** Returns whether the values of a field are times. */
export function isTime({ xtype }: Field): boolean {
  return xtype === 'adql:TIMESTAMP' || xtype === 'timestamp';
}

/** Returns a time of PostgreSQL as DALI writes it: `2015-12-05T00:00:00` (DALI 1.1, 3.3.3). */
export function isoTime(cell: string): string {
  return cell.replace(' ', 'T').replace(/[+-]\d\d(?::?\d\d)?$/, '');
}
