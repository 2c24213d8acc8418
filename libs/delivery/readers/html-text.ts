const BLOCK_END = /<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/table|\/td|\/th)\b[^<>]{0,200}>/gi;
const HIDDEN = ['script', 'style'] as const;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  micro: '\u00b5',
  deg: '\u00b0',
  times: '\u00d7',
};

/** The text a page of HTML shows, one line for each block element. Nothing is run or fetched. */
export function htmlText(html: string): string {
  return HIDDEN.reduce(withoutElement, html)
    .replace(BLOCK_END, '\n')
    .replace(/<[^<>]{0,2000}>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,8}));/gi, entity);
}

/** Searches forward only, so that unclosed elements cost no more than one pass. */
function withoutElement(html: string, name: string): string {
  const lower = html.toLowerCase();
  let kept = '';
  let at = 0;
  for (;;) {
    const open = lower.indexOf(`<${name}`, at);
    const close = open < 0 ? -1 : lower.indexOf(`</${name}`, open);
    if (close < 0) return kept + html.slice(at);
    kept += html.slice(at, open);
    at = close;
  }
}

function entity(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
