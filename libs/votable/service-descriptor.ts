import type { Datatype } from './field';
import { attribute, element } from './xml';

/** An input of a service (DataLink 1.1, 4.1). */
export interface ServiceInput {
  readonly name: string;
  readonly datatype: Datatype;
  readonly arraysize?: string;
  readonly unit?: string;
  readonly ucd?: string;
  readonly xtype?: string;
  /** ID of the column that has the values; without it, the caller chooses them. */
  readonly ref?: string;
  readonly value?: string;
  /** The only values, if there are few. */
  readonly options?: readonly string[];
  readonly description?: string;
}

/** A service that can be called with values of a table (DataLink 1.1, 4). */
export interface ServiceDescriptor {
  /** `this` for the service that the document comes from (DataLink 1.1, 4.3). */
  readonly name?: string;
  /** XML ID, for a column that refers to it. */
  readonly id?: string;
  readonly description?: string;
  /** IVOID of the standard that the service follows. */
  readonly standard?: string;
  readonly url: string;
  /** Media type of what the service sends. */
  readonly contentType?: string;
  readonly inputs: readonly ServiceInput[];
}

/** Returns the RESOURCE that describes a service. */
export function serviceDescriptor(described: ServiceDescriptor): string {
  const { name, id, description, standard, url, contentType, inputs } = described;
  return (
    `<RESOURCE type="meta" utype="adhoc:service"${attribute('name', name)}${attribute('ID', id)}>\n` +
    `${element('DESCRIPTION', description)}\n` +
    text('standardID', standard) +
    text('accessURL', url) +
    text('contentType', contentType) +
    `<GROUP name="inputParams">\n${inputs.map(parameter).join('')}</GROUP>\n</RESOURCE>\n`
  );
}

function text(name: string, value: string | undefined): string {
  return value === undefined ? '' : parameter({ name, datatype: 'char', arraysize: '*', value });
}

function parameter(input: ServiceInput): string {
  const { name, datatype, arraysize, unit, ucd, xtype, ref, value = '', options = [], description } = input;
  const attributes =
    attribute('name', name) +
    attribute('datatype', datatype) +
    attribute('arraysize', arraysize) +
    attribute('unit', unit) +
    attribute('ucd', ucd) +
    attribute('xtype', xtype) +
    attribute('ref', ref) +
    attribute('value', value);
  const values = options.map((option) => `<OPTION${attribute('value', option)}/>`).join('');
  return (
    `<PARAM${attributes}>${element('DESCRIPTION', description)}` +
    `${values === '' ? '' : `<VALUES>${values}</VALUES>`}</PARAM>\n`
  );
}
