import { attribute, element, XML_DECLARATION } from '@almagest/votable';
import type { RegistryRecord } from './records';

/** What the answers of a registry are made of. */
export interface Repository {
  readonly name: string;
  readonly url: string;
  readonly contact: string;
  readonly records: readonly RegistryRecord[];
  /** When the records last changed, ISO 8601 in seconds. */
  readonly updated: string;
}

/** A request that OAI-PMH answers with an error (OAI-PMH 2.0, 3.6). */
class OaiError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Arguments = ReadonlyMap<string, string>;
interface Verb {
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  answer(given: Arguments, repository: Repository): string;
}

/** The one set of a publishing registry: what it publishes itself (Registry Interfaces 1.1, 3.1.4). */
const SET = 'ivo_managed';
const FORMATS: Record<string, { schema: string; namespace: string; write: (record: RegistryRecord) => string }> = {
  oai_dc: {
    schema: 'http://www.openarchives.org/OAI/2.0/oai_dc.xsd',
    namespace: 'http://www.openarchives.org/OAI/2.0/oai_dc/',
    write: dublinCore,
  },
  ivo_vor: {
    schema: 'http://www.ivoa.net/xml/RegistryInterface/v1.0',
    namespace: 'http://www.ivoa.net/xml/RegistryInterface/v1.0',
    write: ({ resource }) => resource,
  },
};

const LIST = ['from', 'until', 'set', 'resumptionToken'];
const VERBS: Record<string, Verb> = {
  Identify: { needs: [], takes: [], answer: (_given, repository) => identify(repository) },
  ListMetadataFormats: { needs: [], takes: ['identifier'], answer: listMetadataFormats },
  ListSets: {
    needs: [],
    takes: ['resumptionToken'],
    answer: (given) => {
      refuseToken(given);
      return `<set><setSpec>${SET}</setSpec><setName>Resources that this registry publishes</setName></set>\n`;
    },
  },
  ListIdentifiers: {
    needs: ['metadataPrefix'],
    takes: LIST,
    answer: (given, repository) =>
      selected(given, repository)
        .map((one) => header(one, repository))
        .join(''),
  },
  ListRecords: {
    needs: ['metadataPrefix'],
    takes: LIST,
    answer: (given, repository) =>
      selected(given, repository)
        .map((one) => recordElement(one, given, repository))
        .join(''),
  },
  GetRecord: {
    needs: ['identifier', 'metadataPrefix'],
    takes: [],
    answer: (given, repository) => {
      const record = recordNamed(given.get('identifier') ?? '', repository);
      return recordElement(record, given, repository);
    },
  },
};

/**
 * Answers a request of OAI-PMH 2.0. Wrong requests have an answer too, as the protocol wants.
 * @param parameters in the order of the request
 * @param now the time of the answer
 */
export function oaiDocument(
  parameters: readonly (readonly [string, string])[],
  repository: Repository,
  now: Date,
): string {
  let request = '';
  let body: string;
  try {
    const { name, verb, given } = read(parameters);
    request = attribute('verb', name) + [...given].map(([key, value]) => attribute(key, value)).join('');
    body = `<${name}>\n${verb.answer(given, repository)}</${name}>\n`;
  } catch (error) {
    if (!(error instanceof OaiError)) throw error;
    // The attributes of a wrong request are left out (OAI-PMH 2.0, 3.2).
    if (['badVerb', 'badArgument'].includes(error.code)) request = '';
    body = `${element('error', error.message, attribute('code', error.code))}\n`;
  }
  return (
    XML_DECLARATION +
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n' +
    `${element('responseDate', seconds(now))}\n${element('request', repository.url, request)}\n${body}</OAI-PMH>\n`
  );
}

/** Returns a time as OAI-PMH writes it, without a fraction of a second. */
export function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function read(parameters: readonly (readonly [string, string])[]): { name: string; verb: Verb; given: Arguments } {
  const names = parameters.filter(([key]) => key === 'verb').map(([, value]) => value);
  const [name = ''] = names;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (names.length > 1) throw new OaiError('badVerb', 'verb is given several times');
  if (verb === undefined)
    throw new OaiError('badVerb', `verb is '${name}'; expected one of ${Object.keys(VERBS).join(', ')}`);
  const given = new Map<string, string>();
  for (const [key, value] of parameters) {
    if (key === 'verb') continue;
    if (![...verb.needs, ...verb.takes].includes(key)) throw new OaiError('badArgument', `${name} takes no ${key}`);
    if (given.has(key)) throw new OaiError('badArgument', `${key} is given several times`);
    given.set(key, value);
  }
  const hasToken = given.has('resumptionToken');
  if (hasToken && given.size > 1) throw new OaiError('badArgument', 'resumptionToken is given with other arguments');
  const missing = hasToken ? [] : verb.needs.filter((key) => !given.has(key));
  if (missing.length > 0) throw new OaiError('badArgument', `${name} needs ${missing.join(' and ')}`);
  return { name, verb, given };
}

/** Every list is complete in one answer, so no token was ever given. */
function refuseToken(given: Arguments): void {
  if (given.has('resumptionToken'))
    throw new OaiError('badResumptionToken', 'This registry gives no resumption tokens');
}

function identify({ name, url, contact, records, updated }: Repository): string {
  const registry = records.find((record) => record.name === 'registry');
  return (
    element('repositoryName', name) +
    element('baseURL', url) +
    '<protocolVersion>2.0</protocolVersion>' +
    element('adminEmail', contact) +
    element('earliestDatestamp', updated) +
    '<deletedRecord>no</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity>\n' +
    // The registry describes itself (Registry Interfaces 1.1, 3.1.1).
    `<description>\n${registry?.resource ?? ''}</description>\n`
  );
}

function listMetadataFormats(given: Arguments, repository: Repository): string {
  const identifier = given.get('identifier');
  if (identifier !== undefined) recordNamed(identifier, repository);
  return Object.entries(FORMATS)
    .map(
      ([prefix, { schema, namespace }]) =>
        `<metadataFormat>${element('metadataPrefix', prefix)}${element('schema', schema)}` +
        `${element('metadataNamespace', namespace)}</metadataFormat>\n`,
    )
    .join('');
}

function selected(given: Arguments, { records, updated }: Repository): readonly RegistryRecord[] {
  refuseToken(given);
  formatOf(given);
  const [from, until] = [timeOf('from', given), timeOf('until', given)];
  if (from !== null && until !== null) {
    if (from.length !== until.length) throw new OaiError('badArgument', 'from and until have different granularities');
    if (from > until) throw new OaiError('badArgument', 'from is later than until');
  }
  const set = given.get('set');
  const isWithin =
    (from === null || updated.slice(0, from.length) >= from) &&
    (until === null || updated.slice(0, until.length) <= until);
  if (!isWithin || (set !== undefined && set !== SET)) {
    throw new OaiError('noRecordsMatch', 'No record is in that set and was changed at that time');
  }
  return records;
}

/** Returns a day, or a time without its zone. */
function timeOf(key: string, given: Arguments): string | null {
  const text = given.get(key);
  if (text === undefined) return null;
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isTime) throw new OaiError('badArgument', `${key} is '${text}'; expected 2026-01-31 or 2026-01-31T12:00:00Z`);
  return text.replace('Z', '');
}

function formatOf(given: Arguments): (record: RegistryRecord) => string {
  const prefix = given.get('metadataPrefix') ?? '';
  const format = Object.hasOwn(FORMATS, prefix) ? FORMATS[prefix] : undefined;
  if (format === undefined) {
    throw new OaiError('cannotDisseminateFormat', `'${prefix}' is not one of ${Object.keys(FORMATS).join(', ')}`);
  }
  return format.write;
}

/** IVOIDs have no case (IVOA Identifiers 2.0, 2.1). */
function recordNamed(identifier: string, { records }: Repository): RegistryRecord {
  const found = records.find((record) => record.identifier.toLowerCase() === identifier.toLowerCase());
  if (found === undefined) throw new OaiError('idDoesNotExist', `There is no record ${identifier}`);
  return found;
}

function header({ identifier }: RegistryRecord, { updated }: Repository): string {
  return (
    `<header>${element('identifier', identifier)}${element('datestamp', updated)}` +
    `<setSpec>${SET}</setSpec></header>\n`
  );
}

function recordElement(record: RegistryRecord, given: Arguments, repository: Repository): string {
  return `<record>${header(record, repository)}<metadata>\n${formatOf(given)(record)}</metadata></record>\n`;
}

function dublinCore({ title, identifier, description, publisher }: RegistryRecord): string {
  return (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"' +
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/' +
    ' http://www.openarchives.org/OAI/2.0/oai_dc.xsd">' +
    element('dc:title', title) +
    element('dc:publisher', publisher) +
    element('dc:description', description) +
    element('dc:identifier', identifier) +
    '</oai_dc:dc>\n'
  );
}
