import { Fault } from '../grammar/fault';

/** Prints a text as an SQL literal, whatever `standard_conforming_strings` is. */
export function textLiteral(text: string): string {
  if (text.includes('\0')) throw new RangeError('PostgreSQL has no text with U+0000');
  const doubled = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'::text` : `'${doubled}'::text`;
}

/** Prints a number as an SQL literal of type double precision. */
export function doubleLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no number`);
  return value < 0 || Object.is(value, -0) ? `(${value}::double precision)` : `${value}::double precision`;
}

/** Prints numbers as an array. */
export function arrayLiteral(values: readonly number[]): string {
  return `'{${values.map((value) => doubleLiteral(value).replace(/^\(?([^:]*)::.*$/, '$1')).join(',')}}'::double precision[]`;
}

/** Quotes a name of the schema's for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const TIMESTAMP = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?)?)?Z?$/;

/**
 * Prints a timestamp (DALI 1.1 §3.3.3; a year or a month alone means its beginning).
 * @throws {Fault}
 */
export function timestampLiteral(text: string, at: number): string {
  const match = TIMESTAMP.exec(text.trim());
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = ''] = match ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!match || Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day) || year === '0000') {
    throw new Fault('a text is no timestamp', at, { expected: ["'YYYY-MM-DDThh:mm:ss.sss'"] });
  }
  return `'${year}-${month}-${day} ${hour}:${minute}:${second}${fraction}'::timestamp`;
}

/** Printed form of a timestamp in results. */
export function timestampText(sql: string): string {
  return `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS')`;
}
