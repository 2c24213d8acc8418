import { simpleParser } from 'mailparser';

/** A mail server's report about a mail that it could not deliver (RFC 3464). */
export interface Bounce {
  /** The id of the mail, from its ENVID or its Message-ID; null if neither is of this archive. */
  mail: string | null;
  /** The action for the first failed recipient, else for the first recipient: `failed`, `delayed`, ... */
  action: string;
  /** The status code of RFC 3463, such as `5.1.1`; null if there is none. */
  status: string | null;
  /** The reply of the remote server; it may contain the mail address. */
  diagnostic: string | null;
}

/** The message is not a delivery report of a mail server. */
export class UnreadableBounceError extends Error {
  readonly code = 'notifier.bounce-unreadable';
  readonly retryable = false;
}

const MAIL_ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ENVELOPE_ID = new RegExp(`^(${MAIL_ID})$`, 'i');
const MESSAGE_ID = new RegExp(`^<(${MAIL_ID})@almagest>`, 'i');
/** RFC 3464, and its form for internationalised mail, RFC 6533. */
const STATUS_TYPES = ['message/delivery-status', 'message/global-delivery-status'];
/** RFC 3462, §2, and RFC 6533, §4: the returned mail, or its headers. */
const RETURNED_TYPES = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];
/** Groups of fields that are read: the first describes the message, each other one a recipient. */
const MOST_GROUPS = 20;

type Fields = ReadonlyMap<string, string>;

/**
 * Reads a bounce: a `multipart/report` with a delivery status and, usually, the returned mail (RFC 6522, 3464, 6533). All
 * names are case-insensitive (RFC 2045, §5.1).
 * @param message the raw message
 * @throws UnreadableBounceError
 */
export async function readBounce(message: Buffer): Promise<Bounce> {
  const { attachments, headers } = await parsed(message);
  const partsOf = (types: readonly string[]): string[] =>
    attachments
      .filter(({ contentType }) => types.includes(contentType.toLowerCase()))
      .map(({ content }) => content.toString());
  const [status, ...others] = partsOf(STATUS_TYPES);
  if (!isReport(headers.get('content-type')) || status === undefined || others.length > 0) {
    throw new UnreadableBounceError('the message is not a delivery report (multipart/report, RFC 3464)');
  }
  const [about, ...recipients] = groupsOf(status);
  const recipient = recipients.find((fields) => fields.get('action')?.toLowerCase() === 'failed') ?? recipients[0];
  const action = recipient?.get('action')?.toLowerCase();
  if (about === undefined || recipient === undefined || action === undefined) {
    throw new UnreadableBounceError('the report names no recipient');
  }
  const [returned] = partsOf(RETURNED_TYPES).flatMap(groupsOf);
  return {
    mail:
      idIn(ENVELOPE_ID, about.get('original-envelope-id')) ??
      idIn(MESSAGE_ID, returned?.get('message-id')) ??
      idIn(MESSAGE_ID, about.get('x-original-message-id')),
    action,
    status: /^[245]\.\d{1,3}\.\d{1,3}/.exec(recipient.get('status') ?? '')?.[0] ?? null,
    diagnostic: recipient.get('diagnostic-code')?.replace(/^[\w-]+;\s*/, '') ?? null,
  };
}

function isReport(header: unknown): boolean {
  const { value, params } = (header ?? {}) as { value?: string; params?: Record<string, string> };
  return value?.toLowerCase() === 'multipart/report' && params?.['report-type']?.toLowerCase() === 'delivery-status';
}

function idIn(pattern: RegExp, text = ''): string | null {
  return pattern.exec(text)?.[1]?.toLowerCase() ?? null;
}

async function parsed(message: Buffer): ReturnType<typeof simpleParser> {
  try {
    return await simpleParser(message, {
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
      skipTextLinks: true,
    });
  } catch (cause) {
    throw new UnreadableBounceError('the message is not a readable mail', { cause });
  }
}

/** Parses the groups of fields of a delivery status: names in lower case, folded fields joined. */
function groupsOf(text: string): Fields[] {
  const groups = text.replaceAll(/\r?\n[ \t]+/g, ' ').split(/(?:\r?\n[ \t]*){2,}/);
  const filled = groups.filter((group) => group.trim() !== '').slice(0, MOST_GROUPS);
  return filled.map((group) => {
    const fields = group.split(/\r?\n/).map((line) => /^([!-9;-~]{1,100}):(.{0,2000})/.exec(line));
    return new Map(
      fields.flatMap((field) => (field ? [[String(field[1]).toLowerCase(), String(field[2]).trim()]] : [])),
    );
  });
}
