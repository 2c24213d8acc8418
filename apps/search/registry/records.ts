import { attribute, element } from '@almagest/votable';
import { coneCapabilities, siaCapabilities } from '../images/image-capabilities';
import type { SearchConfig } from '../search.config';
import { tapCapabilities } from '../tap/capabilities';
import { type Capability, CAPABILITY_NAMESPACES, capabilityElement } from '../tap/capability';
import type { RegistryConfig } from './registry.config';

/** A resource in a registry (VOResource 1.1). */
export interface RegistryRecord {
  /** What `/registry/{name}` calls it. */
  readonly name: string;
  /** The IVOID. */
  readonly identifier: string;
  readonly title: string;
  readonly description: string;
  readonly publisher: string;
  /** XML of the element `ri:Resource`. */
  readonly resource: string;
}

/** The elements of a resource have no namespace, also within a document that has a default one. */
const NAMESPACES =
  `${CAPABILITY_NAMESPACES} xmlns="" xmlns:ri="http://www.ivoa.net/xml/RegistryInterface/v1.0"` +
  ' xmlns:vg="http://www.ivoa.net/xml/VORegistry/v1.0"';
/** The day from which archives have had these records. */
const CREATED = '2026-01-01T00:00:00Z';
/** Records in one answer of the registry: it has fewer. */
const MOST_RECORDS = 100;

/** What the parts of a resource are made of. */
interface Draft {
  readonly name: string;
  readonly type: string;
  readonly title: string;
  readonly shortName: string;
  readonly subject: string;
  readonly description: string;
  readonly contentType: string;
  /** XML after the content: capabilities and what the type adds. */
  readonly specific: string;
}

/**
 * Returns the records of this archive: the archive with its services, the registry, the authority that names them, and
 * the organisation (Registry Interfaces 1.1, 3.1.2).
 * @param updated when the records last changed, ISO 8601 in seconds
 */
export function registryRecords(registry: RegistryConfig, search: SearchConfig, updated: string): RegistryRecord[] {
  const { authority, publisher } = registry;
  const drafts: Draft[] = [
    archiveDraft(search),
    {
      ...{ name: 'registry', type: 'vg:Registry', title: `Publishing registry of ${publisher}`, shortName: 'Registry' },
      ...{ subject: 'virtual observatories', contentType: 'Registry' },
      description: 'The resources that the archive publishes to the Virtual Observatory.',
      specific: `${harvesting(search)}<full>false</full>\n${element('managedAuthority', authority)}\n`,
    },
    {
      ...{ name: 'authority', type: 'vg:Authority', title: `Naming authority of ${publisher}`, shortName: 'Authority' },
      ...{ subject: 'virtual observatories', contentType: 'Other' },
      description: `Identifiers that begin with ivo://${authority}.`,
      specific: `${element('managingOrg', publisher, attribute('ivo-id', identifierOf(authority, 'organisation')))}\n`,
    },
    {
      ...{ name: 'organisation', type: 'vr:Organisation', title: publisher, shortName: 'Publisher' },
      ...{ subject: 'virtual observatories', contentType: 'Organisation' },
      description: `${publisher} publishes the archive.`,
      specific: '',
    },
  ];
  return drafts.map((draft) => ({
    name: draft.name,
    identifier: identifierOf(authority, draft.name),
    title: draft.title,
    description: draft.description,
    publisher,
    resource: resourceElement(draft, registry, search.publicUrl, updated),
  }));
}

/** The authority is a resource too, named by itself alone. */
function identifierOf(authority: string, name: string): string {
  return name === 'authority' ? `ivo://${authority}` : `ivo://${authority}/${name}`;
}

function archiveDraft(search: SearchConfig): Draft {
  const url = search.publicUrl;
  const capabilities: Capability[] = [
    ...tapCapabilities(search),
    ...siaCapabilities(search).slice(0, 1),
    ...coneCapabilities(search).slice(0, 1),
    { standard: 'DataLink#links-1.1', url: `${url}/datalink/sync`, use: 'base', version: '1.1' },
    { standard: 'SODA#sync-1.0', url: `${url}/soda/sync`, use: 'base', version: '1.0' },
  ];
  return {
    ...{ name: 'archive', type: 'vs:CatalogService', title: 'ALMA archive', shortName: 'ALMA' },
    ...{ subject: 'radio astronomy', contentType: 'Archive' },
    description:
      'Observations of the Atacama Large Millimeter/submillimeter Array: products of the second level of quality ' +
      'assurance by position, frequency, project and more, with their files, cutouts and coverage.',
    specific:
      capabilities.map(capabilityElement).join('') +
      '<facility>ALMA</facility>\n<instrument>ALMA</instrument>\n' +
      `<coverage><footprint ivo-id="ivo://ivoa.net/std/MOC">${url}/moc</footprint><waveband>Millimeter</waveband></coverage>\n`,
  };
}

/** How the registry is harvested (VORegistry 1.0; Registry Interfaces 1.1, 3.1). */
function harvesting({ publicUrl }: SearchConfig): string {
  return (
    '<capability standardID="ivo://ivoa.net/std/Registry" xsi:type="vg:Harvest">\n' +
    `<interface xsi:type="vg:OAIHTTP" role="std" version="1.0"><accessURL use="base">${publicUrl}/oai</accessURL>` +
    `</interface>\n<maxRecords>${MOST_RECORDS}</maxRecords>\n</capability>\n`
  );
}

function resourceElement(draft: Draft, registry: RegistryConfig, publicUrl: string, updated: string): string {
  const { authority, publisher, contact } = registry;
  const dates = `${attribute('created', CREATED)}${attribute('updated', updated)}`;
  const organisation = identifierOf(authority, 'organisation');
  return (
    `<ri:Resource${NAMESPACES}${attribute('xsi:type', draft.type)}${dates} status="active">\n` +
    `${element('title', draft.title)}\n${element('shortName', draft.shortName)}\n` +
    `${element('identifier', identifierOf(authority, draft.name))}\n` +
    `<curation>${element('publisher', publisher, attribute('ivo-id', organisation))}` +
    `<contact>${element('name', publisher)}${element('email', contact)}</contact></curation>\n` +
    `<content>${element('subject', draft.subject)}${element('description', draft.description)}` +
    `${element('referenceURL', `${publicUrl}/docs`)}${element('type', draft.contentType)}` +
    `<contentLevel>Research</contentLevel></content>\n${draft.specific}</ri:Resource>\n`
  );
}
