/** A URL of a mail: which archive, which delivery, and the right to it. */
export interface MailLink {
  /** As the user gave it. */
  text: string;
  /** Where the archive is, without a slash at the end. */
  server: string;
  delivery: string;
  token: string;
}

const DELIVERY = /^(.*)\/deliveries\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/.*)?$/;

/** Reads any of the links of a mail, be it the delivery's or that of a part; null for every other text. */
export function readMailLink(text: string): MailLink | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') return null;
  const [, before, delivery] = DELIVERY.exec(url.pathname) ?? [];
  const token = url.searchParams.get('link');
  if (before === undefined || delivery === undefined || token === null || !/^[\w.-]{1,512}$/.test(token)) return null;
  return { text, server: url.origin + before, delivery, token };
}
