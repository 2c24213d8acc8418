const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x2F;': '/',
  '&#x60;': '`',
  '&#x3D;': '=',
  '&amp;': '&',
};

/** Returns the commands in the text of a mail that fetch, verify and unpack, with their indentation. */
export function commandsOfText(text: string): string {
  const section = /^HOW TO FETCH, VERIFY AND UNPACK\n-+\n(.*?)\n(?=[A-Z ]+\n-+\n)/ms.exec(text)?.[1] ?? '';
  const [commands = ''] = section.match(/(?:^ {2}.*\n?)+/gm) ?? [];
  if (!/curl .*tar /s.test(commands)) throw new Error(`the mail has no commands that fetch and unpack:\n${text}`);
  return commands;
}

/** Returns the same commands in the HTML of a mail, as a browser copies them to the clipboard. */
export function commandsOfHtml(html: string): string {
  const found = /<pre id="fetch">\n?([^<]+)<\/pre>/.exec(html)?.[1];
  if (found === undefined) throw new Error(`the mail has no commands that fetch and unpack:\n${html}`);
  return textOfHtml(found);
}

/** Returns the visible text of the HTML. */
export function textOfHtml(html: string): string {
  return html
    .replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, '')
    .replaceAll(/&(?:lt|gt|quot|#39|#x2F|#x60|#x3D|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
