/**
 * Characters that can hide, reorder or forge what is shown: control characters, lone surrogates, line and paragraph
 * separators, bidirectional controls (Unicode Annex 9), and characters without a glyph such as U+200B. The two joiners
 * are safe only where scripts and emoji need them: after a mark, an emoji, or a letter of the Arabic family.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]|(?<![\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script_Extensions=Arabic}\p{Script_Extensions=Syriac}\p{Script_Extensions=Mongolian}])[\u200c\u200d]/gu;

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

/** Returns the first character of a text that is unsafe to show, as `U+202E`; null if there is none. */
export function unsafeCharacter(text: string): string | null {
  const [character] = text.match(UNSAFE) ?? [];
  return character === undefined ? null : `U+${hexadecimal(character).padStart(4, '0').toUpperCase()}`;
}

function escape(character: string): string {
  const code = hexadecimal(character);
  if (code.length > 4) return `\\u{${code}}`;
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}

function hexadecimal(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
