import { attribute, element, XML_DECLARATION } from '@almagest/votable';

/** A capability of a service (VOResource 1.1, 2.2.2), with one interface. */
export interface Capability {
  /** What comes after `ivo://ivoa.net/std/`. */
  readonly standard: string;
  readonly url: string;
  readonly description?: string;
  /** Whether parameters, or a path, follow the URL. */
  readonly use?: 'full' | 'base';
  /** Version of the interface; null where the standard has none. */
  readonly version?: string | null;
  /** XML type of the capability, in an extension of VOResource. */
  readonly type?: string;
  /** What the extension says of it: XML. */
  readonly details?: string;
}

/** The namespaces of a document that has capabilities. */
export const CAPABILITY_NAMESPACES =
  ' xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0"' +
  ' xmlns:vr="http://www.ivoa.net/xml/VOResource/v1.0" xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1"' +
  ' xmlns:tr="http://www.ivoa.net/xml/TAPRegExt/v1.0"' +
  ' xmlns:cs="http://www.ivoa.net/xml/ConeSearch/v1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Returns the document of VOSI capabilities (VOSI 1.1, 3). */
export function capabilitiesOf(capabilities: readonly Capability[]): string {
  return (
    XML_DECLARATION +
    `<vosi:capabilities${CAPABILITY_NAMESPACES}>\n${capabilities.map(capabilityElement).join('')}</vosi:capabilities>\n`
  );
}

/** Returns the capabilities that every service of the VO has (DALI 1.1, 2). */
export function commonCapabilities(service: string): Capability[] {
  return [
    { standard: 'VOSI#capabilities', url: `${service}/capabilities` },
    { standard: 'VOSI#availability', url: `${service}/availability` },
  ];
}

/** Returns the XML of a capability. */
export function capabilityElement(capability: Capability): string {
  const { standard, url, description, use = 'full', version, type, details = '' } = capability;
  return (
    `<capability standardID="ivo://ivoa.net/std/${standard}"${attribute('xsi:type', type)}>\n` +
    element('description', description) +
    `<interface xsi:type="vs:ParamHTTP" role="std"${attribute('version', version)}>` +
    `${element('accessURL', url, ` use="${use}"`)}</interface>\n${details}</capability>\n`
  );
}
