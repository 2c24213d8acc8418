/** Control characters, lone surrogates and bidirectional controls: they can hide, reorder or forge what is shown. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * One line of untrusted text, safe on a terminal, in a mail and in a log: unsafe characters are escaped as `\x1b` or
 * `\u202e`, line ends and tabs included.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, escape);
}

/** Untrusted text of several lines, safe on a terminal: as `printable`, but line ends and tabs stay. */
export function printableLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : escape(character)));
}

function escape(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
