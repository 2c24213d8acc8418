/** A URL of a mail: which archive, which delivery or request for raw data, and the right to it. */
export interface MailLink {
  /** As the user gave it. */
  text: string;
  /** Where the archive is, without a slash at the end. */
  server: string;
  /** Null for the link of a request for raw data. */
  delivery: string | null;
  token: string;
}

const LINKED = /^(.*)\/(deliveries|raw-requests)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/.*)?$/;

/** Reads any of the links of a mail, be it the delivery's, that of a part or of raw data; null for every other text. */
export function readMailLink(text: string): MailLink | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') return null;
  const [, before, kind, id] = LINKED.exec(url.pathname) ?? [];
  const token = url.searchParams.get('link');
  if (before === undefined || id === undefined || token === null || !/^[\w.-]{1,512}$/.test(token)) return null;
  return { text, server: url.origin + before, delivery: kind === 'deliveries' ? id : null, token };
}
