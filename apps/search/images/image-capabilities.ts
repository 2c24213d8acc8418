import { element } from '@almagest/votable';
import type { SearchConfig } from '../search.config';
import { type Capability, commonCapabilities } from '../tap/capability';

/** Returns the capabilities of the SIA service (SIA 2.0, 2.4). Its extension of VOResource makes pyvo warn of each element. */
export function siaCapabilities({ publicUrl }: SearchConfig): Capability[] {
  const url = `${publicUrl}/sia2`;
  return [{ standard: 'SIA#query-2.0', url: `${url}/query`, use: 'base', version: '2.0' }, ...commonCapabilities(url)];
}

/** Returns the capabilities of the cone search (SCS 1.03; SimpleDALRegExt 1.2, 3.1). */
export function coneCapabilities({ limits, publicUrl }: SearchConfig): Capability[] {
  const url = `${publicUrl}/scs`;
  const details =
    `<maxSR>180</maxSR>\n${element('maxRecords', String(limits.TAP_MAX_ROWS))}\n<verbosity>true</verbosity>\n` +
    '<testQuery><ra>0</ra><dec>0</dec><sr>0</sr></testQuery>\n';
  const query = { standard: 'ConeSearch', version: '1.03', type: 'cs:ConeSearch', details } as const;
  return [{ ...query, url: `${url}/query?`, use: 'base' }, ...commonCapabilities(url)];
}
