/** Quotes a word for a POSIX shell, so that no character in it is special. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Returns a word as it must be typed in a POSIX shell: quoted only if it needs to be, and so that it is easy to read. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return word.includes("'") && !/["$`\\!\n]/.test(word) ? `"${word}"` : shellQuote(word);
}
