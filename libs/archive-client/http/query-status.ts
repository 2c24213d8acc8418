/** How a result of the virtual observatory ended (DALI 1.1, 4.4). */
export interface QueryStatus {
  readonly status: 'OK' | 'OVERFLOW' | 'ERROR';
  /** The reason of an error. */
  readonly message: string;
}

const STATUS = /<INFO\s[^>]*\bname="QUERY_STATUS"[^>]*\bvalue="(OK|OVERFLOW|ERROR)"[^>]*?(?:\/>|>([^<]*)<)/g;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Returns the last `QUERY_STATUS` in a VOTable, or in the end of one; null when there is none. */
export function queryStatusIn(votable: string): QueryStatus | null {
  const [, status, message = ''] = [...votable.matchAll(STATUS)].at(-1) ?? [];
  if (status === undefined) return null;
  const text = message.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
  return { status: status as QueryStatus['status'], message: text.trim() };
}
