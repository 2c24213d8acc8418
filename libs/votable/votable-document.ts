import type { Ending, Field } from './field';
import type { Additions } from './row-encoder';
import { attribute, element, XML_DECLARATION, xmlText } from './xml';

/** Version 1.5 is refused by current clients, and nothing here needs it. */
const BEGINNING = XML_DECLARATION + '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">\n';
const RESULTS = '<RESOURCE type="results">\n';
const END_OF_RESULTS = '</RESOURCE>\n';
const CLOSING = '</VOTABLE>\n';

/** Returns a document up to its table data. `QUERY_STATUS` is before the table (DALI 1.1, 4.4). */
export function documentHead(fields: readonly Field[], { infos = {} }: Additions): string {
  const declared = fields.map(fieldElement).join('');
  const stated = Object.entries({ ...infos, QUERY_STATUS: 'OK' }).map(
    ([name, value]) => `<INFO${attribute('name', name)}${attribute('value', value)}/>\n`,
  );
  return `${BEGINNING}${RESULTS}${stated.join('')}<TABLE>\n${declared}<DATA>`;
}

/** Returns a document without data, which describes the columns of data elsewhere. */
export function metadataDocument(fields: readonly Field[], ending: Ending): string {
  const declared = fields.map(fieldElement).join('');
  const status = ending.status === 'OK' ? '' : statusInfo(ending);
  return `${BEGINNING}${RESULTS}<INFO name="QUERY_STATUS" value="OK"/>\n<TABLE>\n${declared}</TABLE>\n${status}${END_OF_RESULTS}${CLOSING}`;
}

/** Returns a document from the end of its table data. A second `QUERY_STATUS` says how it ended (DALI 1.1, 4.4.1). */
export function documentTail(ending: Ending, { resources }: Additions): string {
  const status = ending.status === 'OK' ? '' : statusInfo(ending);
  return `</DATA>\n</TABLE>\n${status}${END_OF_RESULTS}${resources?.() ?? ''}${CLOSING}`;
}

/**
 * Returns the document that answers a request without a result.
 * @param info name of an INFO that also has the message, for clients older than DALI
 */
export function errorDocument(message: string, info?: string): string {
  const older = info === undefined ? '' : `<INFO${attribute('name', info)}${attribute('value', message)}/>\n`;
  return `${BEGINNING}${older}${RESULTS}${statusInfo({ status: 'ERROR', message })}${END_OF_RESULTS}${CLOSING}`;
}

function statusInfo(ending: Ending): string {
  const open = `<INFO name="QUERY_STATUS" value="${ending.status}"`;
  return ending.status === 'ERROR' ? `${open}>${xmlText(ending.message)}</INFO>\n` : `${open}/>\n`;
}

function fieldElement({ name, datatype, arraysize, id, unit, ucd, utype, xtype, description }: Field): string {
  const attributes =
    attribute('ID', id) +
    attribute('name', name) +
    attribute('datatype', datatype) +
    attribute('arraysize', arraysize) +
    attribute('unit', unit) +
    attribute('ucd', ucd) +
    attribute('utype', utype) +
    attribute('xtype', xtype);
  return description === undefined
    ? `<FIELD${attributes}/>\n`
    : `<FIELD${attributes}>${element('DESCRIPTION', description)}</FIELD>\n`;
}
