import { USER_DEFINED_FUNCTIONS } from '@almagest/adql';
import { element, FORMATS } from '@almagest/votable';
import type { SearchConfig } from '../search.config';
import { type Capability, commonCapabilities } from './capability';

/** The optional features of ADQL 2.1 (TAPRegExt 1.0 and ADQL 2.1, 4), by the last part of their type. */
const FEATURES: Record<string, readonly string[]> = {
  'features-adqlgeo': [
    'BOX',
    'CIRCLE',
    'POINT',
    'POLYGON',
    'REGION',
    'CONTAINS',
    'INTERSECTS',
    'AREA',
    'CENTROID',
    'COORD1',
    'COORD2',
    'COORDSYS',
    'DISTANCE',
  ],
  'features-adql-string': ['ILIKE', 'LOWER', 'UPPER'],
  'features-adql-sets': ['UNION', 'EXCEPT', 'INTERSECT'],
  'features-adql-common-table': ['WITH'],
  'features-adql-type': ['CAST'],
  'features-adql-unit': ['IN_UNIT'],
  'features-adql-offset': ['OFFSET'],
};

/**
 * How a query may bring tables. A service that takes any must name `inline` and `http` (TAPRegExt 1.0, 2.5); URLs of
 * servers that are not configured are refused, and so is plain http.
 */
const UPLOADS = ['inline', 'http', 'https'];

/** A feature of the language, such as a function. */
interface Feature {
  readonly form: string;
  readonly description?: string;
}

/** Returns the capabilities of the TAP service (VOSI 1.1, 3; TAPRegExt 1.0). */
export function tapCapabilities({ limits, publicUrl }: SearchConfig): Capability[] {
  const url = `${publicUrl}/tap`;
  const details = tapDetails(limits);
  return [
    { standard: 'TAP', url, use: 'base', version: '1.1', type: 'tr:TableAccess', details },
    ...commonCapabilities(url),
    { standard: 'VOSI#tables-1.1', url: `${url}/tables` },
    { standard: 'DALI#examples', url: `${url}/examples` },
  ];
}

function tapDetails(limits: SearchConfig['limits']): string {
  const { TAP_MAX_ROWS, TAP_ASYNC_SECONDS, TAP_JOB_DAYS, TAP_UPLOAD_MB } = limits;
  const kept = TAP_JOB_DAYS * 24 * 3600;
  const features = Object.entries(FEATURES).map(([type, forms]) => featureList(type, forms.map(featureOf)));
  return (
    '<dataModel ivo-id="ivo://ivoa.net/std/ObsCore#core-1.1">ObsCore-1.1</dataModel>\n' +
    '<language><name>ADQL</name>' +
    '<version ivo-id="ivo://ivoa.net/std/ADQL#v2.0">2.0</version>' +
    '<version ivo-id="ivo://ivoa.net/std/ADQL#v2.1">2.1</version>' +
    '<description>Astronomical Data Query Language</description>\n' +
    `${features.join('')}${featureList('features-udf', USER_DEFINED_FUNCTIONS)}</language>\n` +
    FORMATS.map(outputFormat).join('') +
    UPLOADS.map((form) => `<uploadMethod ivo-id="ivo://ivoa.net/std/TAPRegExt#upload-${form}"/>\n`).join('') +
    // These two are about asynchronous queries (TAPRegExt 1.0, 2.6).
    `<retentionPeriod><default>${kept}</default><hard>${kept}</hard></retentionPeriod>\n` +
    `<executionDuration><default>${TAP_ASYNC_SECONDS}</default><hard>${TAP_ASYNC_SECONDS}</hard></executionDuration>\n` +
    `<outputLimit><default unit="row">${TAP_MAX_ROWS}</default><hard unit="row">${TAP_MAX_ROWS}</hard></outputLimit>\n` +
    `<uploadLimit><hard unit="byte">${TAP_UPLOAD_MB * 1024 * 1024}</hard></uploadLimit>\n`
  );
}

function featureOf(form: string): Feature {
  return { form };
}

function featureList(type: string, listed: readonly Feature[]): string {
  const features = listed.map(
    ({ form, description }) => `<feature>${element('form', form)}${element('description', description)}</feature>\n`,
  );
  return `<languageFeatures type="ivo://ivoa.net/std/TAPRegExt#${type}">\n${features.join('')}</languageFeatures>\n`;
}

function outputFormat({ mediaType, names }: (typeof FORMATS)[number]): string {
  const aliases = names.map((name) => element('alias', name)).join('');
  return `<outputFormat>${element('mime', mediaType)}${aliases}</outputFormat>\n`;
}
