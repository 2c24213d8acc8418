/** A document as JSON for standard output: control characters that JSON itself lets through are escaped too. */
export function toJson(document: unknown): string {
  return safe(JSON.stringify(document, null, 2));
}

/** A document on one line, for JSON Lines. */
export function toJsonLine(document: unknown): string {
  return safe(JSON.stringify(document));
}

function safe(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
