import { stripVTControlCharacters } from 'node:util';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** East Asian wide and fullwidth characters, and emoji: two columns each (simplified from Unicode Annex 11). */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;

/** A grapheme of combining marks, format or control characters only: no column. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

const PLAIN = /^[ -~]*$/;

/** Returns the number of terminal columns a text takes; colour sequences take none. */
export function textWidth(text: string): number {
  // Most texts are plain, and segmenting takes a hundred times as long.
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    if (!ZERO_WIDTH.test(segment)) width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** Pads a text with spaces to a width in columns; a wider text is returned unchanged. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** Cuts an uncoloured text to a width in columns; a text that is cut ends in `...`. */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let columns = width - 3;
  for (const { segment } of graphemes.segment(text)) {
    columns -= textWidth(segment);
    if (columns < 0) break;
    kept += segment;
  }
  return `${kept}...`;
}

/** Folds a text at white space into lines of at most `width` columns. A wider word stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  for (const word of text.split(/\s+/).filter((piece) => piece !== '')) {
    const wordColumns = textWidth(word);
    if (line !== '' && columns + 1 + wordColumns <= width) {
      line += ` ${word}`;
      columns += 1 + wordColumns;
    } else {
      if (line !== '') lines.push(line);
      [line, columns] = [word, wordColumns];
    }
  }
  return line === '' ? lines : [...lines, line];
}
