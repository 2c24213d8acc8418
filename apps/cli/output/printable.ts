/** Control characters, lone surrogates and the characters that reorder text: what can make a terminal lie. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A line of text from outside, safe on a terminal: what is unsafe is escaped as `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escape);
}

/** The same for text of several lines: line ends and tabs stay. */
export function printableLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : escape(character)));
}

function escape(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
