const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

/** The commands under HOW TO UNPACK in a mail's text, indented as they stand there. */
export function commandsOfText(text: string): string {
  const commands = /^HOW TO UNPACK\n-+\n(?:.*\S.*\n)+\n((?:.*\S.*\n)+)/m.exec(text)?.[1];
  if (commands === undefined) throw new Error(`the mail does not say how to unpack:\n${text}`);
  return commands;
}

/** The commands of a mail's HTML, as a browser would give them to the clipboard. */
export function commandsOfHtml(html: string): string {
  const commands = /<pre[^>]*>\n?([^<]+)<\/pre>/.exec(html)?.[1];
  if (commands === undefined) throw new Error(`the mail does not say how to unpack:\n${html}`);
  return commands.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
