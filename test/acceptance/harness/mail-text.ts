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

/** The commands of a mail that do something, in either of its forms, as they stand there. */
export interface MailCommands {
  /** With curl. */
  fetch: string;
  /** With sha256sum and tar. */
  unpack: string;
}

/** The commands of a mail's text, indented as they stand there. */
export function commandsOfText(text: string): MailCommands {
  const section = /^HOW TO FETCH, VERIFY AND UNPACK\n-+\n(.*?)\n(?=[A-Z ]+\n-+\n)/ms.exec(text)?.[1] ?? '';
  // The first indented lines are the archive's own command; then come these.
  const [, fetch = '', unpack = ''] = section.match(/(?:^ {2}.*\n?)+/gm) ?? [];
  if (!fetch.includes('curl ') || !unpack.includes('tar '))
    throw new Error(`the mail does not say how to unpack:\n${text}`);
  return { fetch, unpack };
}

/** The commands of a mail's HTML, as a browser would give them to the clipboard. */
export function commandsOfHtml(html: string): MailCommands {
  const commands = (id: string): string => {
    const found = new RegExp(`<pre id="${id}">\\n?([^<]+)</pre>`).exec(html)?.[1];
    if (found === undefined) throw new Error(`the mail does not say how to ${id}:\n${html}`);
    return textOfHtml(found);
  };
  return { fetch: commands('fetch'), unpack: commands('unpack') };
}

/** What a reader of the HTML sees, tags aside. */
export function textOfHtml(html: string): string {
  return html
    .replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, '')
    .replaceAll(/&(?:lt|gt|quot|#39|#x2F|#x60|#x3D|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
