const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** HTML that is safe to put into a page. */
export class Markup {
  constructor(private readonly source: string) {}

  toString(): string {
    return this.source;
  }
}

type Piece = string | number | Markup | readonly Markup[];

/** A template literal whose pieces are escaped unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(strings.reduce((out, text, index) => `${out}${escaped(pieces[index - 1] ?? '')}${text}`));
}

function escaped(piece: Piece): string {
  if (piece instanceof Markup) return piece.toString();
  if (typeof piece === 'object') return piece.join('');
  return String(piece).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
