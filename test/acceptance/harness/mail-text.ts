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

/** The commands in a mail, from either of its forms, unchanged. */
export interface MailCommands {
  /** The curl commands. */
  fetch: string;
  /** The sha256sum and tar commands. */
  unpack: string;
}

/** Returns the commands in the text of a mail, with their indentation. */
export function commandsOfText(text: string): MailCommands {
  const section = /^HOW TO FETCH, VERIFY AND UNPACK\n-+\n(.*?)\n(?=[A-Z ]+\n-+\n)/ms.exec(text)?.[1] ?? '';
  // The first indented lines are the `almagest` command; these follow.
  const [, fetch = '', unpack = ''] = section.match(/(?:^ {2}.*\n?)+/gm) ?? [];
  if (!fetch.includes('curl ') || !unpack.includes('tar '))
    throw new Error(`the mail has no fetch and unpack commands:\n${text}`);
  return { fetch, unpack };
}

/** Returns the commands in the HTML of a mail, as a browser copies them to the clipboard. */
export function commandsOfHtml(html: string): MailCommands {
  const commands = (id: string): string => {
    const found = new RegExp(`<pre id="${id}">\\n?([^<]+)</pre>`).exec(html)?.[1];
    if (found === undefined) throw new Error(`the mail has no ${id} commands:\n${html}`);
    return textOfHtml(found);
  };
  return { fetch: commands('fetch'), unpack: commands('unpack') };
}

/** Returns the visible text of the HTML. */
export function textOfHtml(html: string): string {
  return html
    .replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, '')
    .replaceAll(/&(?:lt|gt|quot|#39|#x2F|#x60|#x3D|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
