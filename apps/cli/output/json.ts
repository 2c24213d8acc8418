/** Formats a document as JSON for a terminal: control characters that JSON allows are escaped too. */
export function toJson(document: unknown): string {
  return safe(JSON.stringify(document, null, 2));
}

/** Items of a list that are formatted at a time. */
const BATCH = 1000;

/**
 * Formats a document with a long list, one item a line, piece by piece: the whole text is never in memory.
 * @param document has at least one member other than the list
 */
export function* toJsonPieces(document: object, name: string, list: Iterable<unknown>): Generator<string> {
  yield `${toJson(document).slice(0, -'\n}'.length)},\n  ${JSON.stringify(name)}: [`;
  let [batch, between] = ['', ''];
  let waiting = 0;
  for (const item of list) {
    batch += `${between}\n    ${toJsonLine(item)}`;
    between = ',';
    if (++waiting < BATCH) continue;
    yield batch;
    [batch, waiting] = ['', 0];
  }
  yield `${batch}${between === '' ? '' : '\n  '}]\n}\n`;
}

/** Formats a document on one line, for JSON Lines. */
export function toJsonLine(document: unknown): string {
  return safe(JSON.stringify(document));
}

function safe(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
