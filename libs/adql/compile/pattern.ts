import { Fault } from '../grammar/fault';
import { textSql, Value } from './value';

/**
 * Returns SQL of a pattern of LIKE. A backslash makes the next character plain, as clients write it without ESCAPE.
 * @throws {Fault}
 */
export function patternSql(pattern: Value, where: string): string {
  const sql = textSql(pattern, where);
  if (typeof pattern.literal === 'string' && /(^|[^\\])(\\\\)*\\$/.test(pattern.literal)) {
    throw new Fault('a pattern ends with a single backslash', pattern.at, { expected: ['\\\\ for a backslash'] });
  }
  return sql;
}
