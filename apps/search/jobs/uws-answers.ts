import { formatNamed } from '@almagest/votable';
import type { Response } from 'express';
import type { SearchConfig } from '../search.config';

/** Returns the URL of the list of jobs, or of a job. */
export function jobUrl({ publicUrl }: SearchConfig, id?: string): string {
  return `${publicUrl}/tap/async${id === undefined ? '' : `/${id}`}`;
}

/** A job changes at any time, and may be somebody's own. */
const UNCACHED = { 'Cache-Control': 'private, no-cache' };

export function sendXml(response: Response, document: string): void {
  response.set(UNCACHED).type('application/xml').send(document);
}

/** Answers with a bare value, as for `phase` (UWS 1.1, 2.2.1). */
export function sendText(response: Response, text: string): void {
  response.set(UNCACHED).type('text/plain').send(text);
}

/** Answers a request that changed something (UWS 1.1, 2.2.3). */
export function seeOther(response: Response, url: string): void {
  response.set(UNCACHED).redirect(303, url);
}

/** Returns the name under which a client saves a result. */
export function resultName(mediaType: string): string {
  const [name = 'dat'] = formatNamed(mediaType)?.names[0]?.split('/') ?? [];
  return `result.${name === 'votable' ? 'vot' : name}`;
}
