import { shellQuote } from './shell';

/** Returns a text that is safe in a comment: one line of printable ASCII. */
function comment(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}

/** A file that a script downloads. */
export interface ScriptFile {
  /** Its name in the current directory. */
  name: string;
  /** In bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
  url: string;
}

/**
 * Returns a POSIX shell script that downloads files into the current directory. It resumes interrupted downloads,
 * verifies each SHA-256, and gives a file its final name only when it is complete and verified. Every word from outside
 * is quoted in it.
 * @param about what it downloads, one line of a comment each
 * @param project the directory that the files unpack into
 * @param link the token of a mail's link, with which the script needs no other token
 */
export function downloadScript(
  about: readonly string[],
  project: string,
  files: readonly ScriptFile[],
  link: string | null,
): string {
  const calls = files.map(
    ({ name, size, sha256, url }) => `fetch ${[name, String(size), sha256, url].map(shellQuote).join(' ')}`,
  );
  return `#!/bin/sh
${about.map((line) => `# ${comment(line)}`).join('\n')}
#
# Run it in the directory that holds ${comment(project)}/, or is to hold it. You can
# stop it at any time: when it runs again, it resumes. Afterwards, unpack each file
# there: tar xf FILE
#
# Needs curl, and sha256sum, shasum or openssl. Data that are not public yet need a token:
# ALMAGEST_TOKEN_FILE=FILE or ALMAGEST_TOKEN=TOKEN in the environment${link === null ? '.' : '; without one, this link is used:'}
token=${shellQuote(link ?? '')}
${BODY}
${calls.join('\n')}

finish
`;
}

/** Exit codes: 0 everything is downloaded; 1 some files are not; 2 the script cannot run here; 130 and 143 stopped. */
const BODY = String.raw`
set -u
LC_ALL=C
export LC_ALL
failed=0

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

command -v curl >/dev/null 2>&1 || die 'curl is required, and not installed'
if command -v sha256sum >/dev/null 2>&1; then
  digest() { sha256sum <"$1" | cut -c1-64; }
elif command -v shasum >/dev/null 2>&1; then
  digest() { shasum -a 256 <"$1" | cut -c1-64; }
elif command -v openssl >/dev/null 2>&1; then
  digest() { openssl dgst -sha256 -r <"$1" | cut -c1-64; }
else
  die 'sha256sum, shasum or openssl is required, and none is installed'
fi

if [ -n "${'$'}{ALMAGEST_TOKEN_FILE-}" ]; then
  token=$(cat "$ALMAGEST_TOKEN_FILE") || die "cannot read the token in $ALMAGEST_TOKEN_FILE"
elif [ -n "${'$'}{ALMAGEST_TOKEN-}" ]; then
  token=$ALMAGEST_TOKEN
fi
case $token in
  *[!A-Za-z0-9._~+/=-]*) die 'the token is malformed: it contains a space, a line break or another invalid character' ;;
esac

size_of() { if [ -f "$1" ]; then wc -c <"$1" | tr -d ' '; else echo 0; fi; }

# The token is passed on standard input, so that no list of processes shows it.
get() {
  if [ -n "$token" ]; then printf 'header = "Authorization: Bearer %s"\n' "$token"; fi |
    curl --config - --globoff --silent --show-error --fail --location --max-redirs 3 --proto '=http,https' \
      --connect-timeout 30 --speed-limit 1 --speed-time 60 --continue-at - \
      --output "$1" --write-out '%{http_code}' --url "$2"
}

# fetch NAME SIZE SHA256 URL
fetch() {
  if [ -e "$1" ]; then
    if [ "$(size_of "$1")" = "$2" ] && [ "$(digest "$1")" = "$3" ]; then
      say "$1: already downloaded and verified"
    else
      say "$1: another file of this name exists; move it away and run this script again"
      failed=1
    fi
    return
  fi
  part=$1.part
  tries=0
  wrong=0
  while :; do
    have=$(size_of "$part")
    if [ "$have" = "$2" ]; then
      if [ "$(digest "$part")" = "$3" ]; then
        mv -- "$part" "$1" || die "$1: cannot rename $part"
        say "$1: downloaded and verified"
        return
      fi
      rm -f -- "$part"
      have=0
      wrong=$((wrong + 1))
      if [ "$wrong" -ge 2 ]; then
        say "$1: the SHA-256 is wrong again; the file is deleted"
        failed=1
        return
      fi
      say "$1: the SHA-256 is wrong; downloading it again"
    elif [ "$have" -gt "$2" ]; then
      rm -f -- "$part"
      have=0
    fi
    if [ "$tries" -ge 8 ]; then
      say "$1: failed after $tries attempts; run this script again later"
      failed=1
      return
    fi
    if [ "$tries" -gt 0 ]; then sleep "$tries"; fi
    tries=$((tries + 1))
    say "$1: $have of $2 bytes downloaded"
    status=$(get "$part" "$4")
    if [ "$(size_of "$part")" -gt "$have" ]; then tries=1; fi
    case $status in
      401) say "$1: the token is missing, unknown or expired: set ALMAGEST_TOKEN_FILE"; failed=1; return ;;
      403 | 404) say "$1: not found, or you are not authorised to access it"; failed=1; return ;;
      410) say "$1: no longer available: the request has expired, or the delivery was withdrawn"; failed=1; return ;;
      409) say "$1: no longer staged"; failed=1; return ;;
      # A proxy does not support ranges: the whole file must be downloaded at once.
      200) if [ "$have" -gt 0 ] && [ "$(size_of "$part")" = "$have" ]; then rm -f -- "$part"; fi ;;
      416) rm -f -- "$part" ;;
    esac
  done
}

finish() {
  if [ "$failed" -ne 0 ]; then say 'Some files were not downloaded.'; exit 1; fi
  say 'All files are downloaded and verified. Unpack each file in this directory: tar xf FILE'
}`;
