import { element } from '@almagest/votable';

/** Returns the document of VOSI availability (VOSI 1.1, 5). */
export function availabilityDocument(
  { ready, checks }: { ready: boolean; checks: Record<string, string> },
  since: Date,
): string {
  const failed = Object.entries(checks).filter(([, state]) => state !== 'ok');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<vosi:availability xmlns:vosi="http://www.ivoa.net/xml/VOSIAvailability/v1.0">\n' +
    element('vosi:available', String(ready)) +
    element('vosi:upSince', since.toISOString()) +
    failed.map(([name]) => element('vosi:note', `${name} is not available`)).join('') +
    '\n</vosi:availability>\n'
  );
}
