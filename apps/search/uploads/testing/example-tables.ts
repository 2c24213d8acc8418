import { encode, type Field, formatNamed, type Row } from '@almagest/votable';

export const FIELDS: readonly Field[] = [
  { name: 'id', datatype: 'int' },
  { name: 'ra', datatype: 'double', unit: 'deg', ucd: 'pos.eq.ra' },
  { name: 'name', datatype: 'unicodeChar', arraysize: '*' },
  { name: 'at', datatype: 'char', arraysize: '*', xtype: 'timestamp' },
  { name: 'p', datatype: 'double', arraysize: '2', xtype: 'point' },
  { name: 'ok', datatype: 'boolean' },
  { name: 'big', datatype: 'long' },
  { name: 'flux', datatype: 'float' },
];

/** Rows in which every column has and lacks a value. */
export function exampleRows(count: number): Row[] {
  return Array.from({ length: count }, (_, n) =>
    n % 3 === 2
      ? FIELDS.map(() => null)
      : [
          `${n}`,
          `${n / 8}`,
          `Kühne "${n}"\t`,
          `2024-01-31T12:00:0${n % 10}`,
          `${n} -${n / 2}`,
          't',
          `${2 ** 40 + n}`,
          '0.5',
        ],
  );
}

/** Returns a table as the archive writes it in this form. */
export async function exampleTable(form: string, rows: readonly Row[]): Promise<Buffer> {
  const encoder = formatNamed(form)?.encoder(FIELDS);
  if (encoder === undefined) throw new Error(`no form ${form}`);
  async function* batches(): AsyncGenerator<readonly Row[]> {
    for (let at = 0; at < rows.length; at += 100) yield rows.slice(at, at + 100);
  }
  const pieces: Buffer[] = [];
  for await (const piece of encode(encoder, batches(), rows.length, String)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
