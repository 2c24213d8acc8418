import { TableError } from './table.error';
import { arrayShape, datatypeNamed, MOST_FIELDS, type TableField } from './table-field';

type Attributes = Readonly<Record<string, string>>;

const DESCRIPTION = 1000;

/** The FIELDs of a table, while their elements are read (VOTable 1.4, 4.1). */
export class DeclaredFields {
  private readonly declared: { attributes: Attributes; missing?: string | undefined; description?: string }[] = [];

  /** @throws TableError */
  add(attributes: Attributes): void {
    this.declared.push({ attributes });
    if (this.declared.length > MOST_FIELDS) throw new TableError(`TABLE has more than ${MOST_FIELDS} FIELDs`);
  }

  /** Notes the VALUES of the last field. */
  values(attributes: Attributes): void {
    const last = this.declared.at(-1);
    if (last !== undefined) last.missing ??= attributes['null'];
  }

  /** Notes the DESCRIPTION of the last field. */
  describe(text: string): void {
    const last = this.declared.at(-1);
    if (last !== undefined) last.description = text.trim().slice(0, DESCRIPTION);
  }

  /** @throws TableError */
  all(): TableField[] {
    if (this.declared.length === 0) throw new TableError('TABLE has no FIELD');
    return this.declared.map(({ attributes, missing, description }) => {
      const { arraysize, xtype, unit, ucd, utype } = attributes;
      const name = attributes['name'] ?? attributes['ID'] ?? '';
      if (name === '') throw new TableError('a FIELD has no name');
      const datatype = datatypeNamed(attributes['datatype'], name);
      const shape = arrayShape(arraysize, datatype, name);
      return { name, datatype, shape, arraysize, xtype, unit, ucd, utype, description, missing };
    });
  }
}
