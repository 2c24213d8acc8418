import { DomainError } from '@almagest/platform';
import { attribute, element, XML_DECLARATION } from '@almagest/votable';
import type { DescribedColumn, DescribedTable } from '../schema/described-table';
import { KEYS, SCHEMAS } from '../schema/tables';
import { datatypeOf, shownColumns, writtenName } from '../schema/tap-schema';

const NAMESPACES =
  ' xmlns:vosi="http://www.ivoa.net/xml/VOSITables/v1.0" xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Returns the document that describes every table (VOSI 1.1, 4). */
export function tableSetDocument(withColumns: boolean): string {
  const schemas = SCHEMAS.map(
    ({ name, description, tables }) =>
      `<schema>\n${element('name', name)}${element('description', description)}\n` +
      `${tables.map((table) => tableElement('table', '', table, withColumns)).join('')}</schema>\n`,
  );
  return `${XML_DECLARATION}<vosi:tableset${NAMESPACES}>\n${schemas.join('')}</vosi:tableset>\n`;
}

/**
 * Returns the document that describes one table.
 * @throws DomainError `search.unknown-table`
 */
export function tableDocument(name: string): string {
  const table = SCHEMAS.flatMap(({ tables }) => tables).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (table === undefined) throw new DomainError('not-found', 'search.unknown-table', `There is no table ${name}`);
  return XML_DECLARATION + tableElement('vosi:table', NAMESPACES, table, true);
}

function tableElement(
  tag: string,
  namespaces: string,
  { name, description, utype, columns }: DescribedTable,
  withColumns: boolean,
): string {
  const keys = KEYS.filter(({ from }) => from === name).map(
    ({ target, columns: pairs }) =>
      `<foreignKey>${element('targetTable', target)}${pairs
        .map(([from, to]) => `<fkColumn>${element('fromColumn', from)}${element('targetColumn', to)}</fkColumn>`)
        .join('')}</foreignKey>\n`,
  );
  return (
    `<${tag}${namespaces} type="table">\n` +
    element('name', name) +
    element('description', description) +
    `${element('utype', utype)}\n` +
    (withColumns ? `${shownColumns(columns).map(columnElement).join('')}${keys.join('')}` : '') +
    `</${tag}>\n`
  );
}

function columnElement(column: DescribedColumn): string {
  const { name, description, unit, ucd, utype, arraysize, xtype, flags } = column;
  const type = attribute('xsi:type', 'vs:VOTableType') + attribute('arraysize', arraysize);
  return (
    `<column${flags.includes('std') ? ' std="true"' : ''}>` +
    element('name', writtenName(name)) +
    element('description', description) +
    element('unit', unit) +
    element('ucd', ucd) +
    element('utype', utype) +
    element('dataType', datatypeOf(column), type + attribute('extendedType', xtype)) +
    (flags.includes('indexed') ? element('flag', 'indexed') : '') +
    (flags.includes('principal') ? element('flag', 'principal') : '') +
    '</column>\n'
  );
}
