import { type Problem, problemSchema } from '@almagest/contracts';
import { CliError } from '../cli.error';
import { codeOf, messageOf } from '../system-error';
import { type ArchiveAddress, startHints } from './archive-address';

/** Statuses of a proxy or a service that cannot work just now. */
const PASSING = new Set([502, 503, 504]);

/** Translates an answer that is no success into the error the user sees. */
export function refusalOf(
  address: ArchiveAddress,
  answer: { status: number; mediaType: string; body: unknown; location: string | null },
): CliError {
  const { status, body, location } = answer;
  const problem = problemSchema.safeParse(body);
  if (status >= 300 && status < 400) {
    return new CliError('cli.not-an-archive', `${address.url} leads to ${location ?? 'another place'}: name that one`);
  }
  if (PASSING.has(status)) {
    return new CliError('cli.archive-unreachable', `the archive at ${address.url} cannot work now (HTTP ${status})`);
  }
  if (!problem.success || !answer.mediaType.startsWith('application/problem+json')) return notAnArchive(address);
  return refused(address, problem.data);
}

/** Something answers at the address, but not as an archive does. */
export function notAnArchive(address: ArchiveAddress, cause?: unknown): CliError {
  return new CliError('cli.not-an-archive', `what answers at ${address.url} is not this archive`, { cause });
}

/** Nothing answers at the address. */
export function unreachable(address: ArchiveAddress, cause: unknown): CliError {
  const { home, url } = address;
  const what = home === null ? `the archive at ${url}` : `the archive announced on ${home} (${url})`;
  return new CliError('cli.archive-unreachable', `${what} does not answer: ${reasonOf(cause)}`, {
    cause,
    hints: home === null ? [] : startHints(home),
  });
}

function refused(address: ArchiveAddress, { status, code, title, detail, violations, differences }: Problem): CliError {
  return new CliError(status >= 500 ? 'cli.archive-failed' : 'cli.archive-refused', detail ?? title, {
    ...(code === undefined ? {} : { problem: code }),
    ...(violations === undefined ? {} : { violations }),
    ...(differences === undefined ? {} : { differences }),
    hints: status === 401 ? [tokenHint(address)] : [],
  });
}

function tokenHint({ token, tokenFile }: ArchiveAddress): string {
  if (tokenFile === null && token !== null)
    return 'ask the helpdesk for a new link, or give a token: --token-file FILE';
  return tokenFile === null
    ? "give a token, or a link of the mail: --token-file FILE, --link 'URL'"
    : `the token is the one in ${tokenFile}; give another with --token-file FILE`;
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host cannot be looked up now',
  UND_ERR_SOCKET: 'the connection broke',
};

/** What a failed fetch says in its causes, in a few words. */
function reasonOf(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return 'no answer in time';
  const inner = cause instanceof TypeError && cause.cause !== undefined ? cause.cause : cause;
  return REASONS[codeOf(inner)] ?? (messageOf(inner) || codeOf(inner));
}
