/** The first line of a document. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** What XML 1.0 must not contain (section 2.2), and what it means by itself. */
const SPECIAL =
  /[&<>\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const REFERENCES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Returns a text as XML character data. A character that XML does not allow becomes U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(SPECIAL, (found) => REFERENCES[found] ?? '\ufffd');
}

/** Returns ` name="value"`; an empty text for an absent value. */
export function attribute(name: string, value: string | undefined | null): string {
  if (value === undefined || value === null) return '';
  // A parser turns an unescaped line break of an attribute into a blank (XML 1.0, 3.3.3).
  const escaped = xmlText(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\r', '&#13;');
  return ` ${name}="${escaped.replaceAll('\t', '&#9;')}"`;
}

/** Returns an element with text as its content; an empty text for an absent value. */
export function element(name: string, text: string | undefined | null, attributes = ''): string {
  return text === undefined || text === null ? '' : `<${name}${attributes}>${xmlText(text)}</${name}>`;
}
