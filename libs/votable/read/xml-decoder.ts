import { TextDecoder } from 'node:util';
import { TableError } from './table.error';

/** The encodings of XML documents that are read, by their names in lower case. */
const ENCODINGS: Record<string, string> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'iso-8859-1',
  'iso-latin-1': 'iso-8859-1',
  latin1: 'iso-8859-1',
  'windows-1252': 'windows-1252',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
};
/** The declaration must be within these bytes. */
const HEAD_BYTES = 256;

/**
 * Decodes the bytes of an XML document by its byte order mark or its declaration (XML 1.0, 4.3.3).
 * @throws TableError for another encoding, and for bytes that are not in the stated one
 */
export async function* decodedXml(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let head: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (decoder === null) {
      head = Buffer.concat([head, piece]);
      if (head.length < HEAD_BYTES) continue;
      decoder = decoderOf(head);
      yield decoded(decoder, head, true);
    } else {
      yield decoded(decoder, piece, true);
    }
  }
  if (decoder === null) {
    decoder = decoderOf(head);
    yield decoded(decoder, head, true);
  }
  yield decoded(decoder, new Uint8Array(), false);
}

function decoderOf(head: Buffer): TextDecoder {
  const label = encodingOf(head);
  const encoding = ENCODINGS[label.toLowerCase()];
  if (encoding === undefined) {
    throw new TableError(`the document has the encoding '${label}'; expected UTF-8, ISO-8859-1 or UTF-16`);
  }
  return new TextDecoder(encoding, { fatal: true });
}

function encodingOf(head: Buffer): string {
  const [first, second] = head;
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  if (first === 0x3c && second === 0) return 'utf-16le';
  const declaration = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]{1,40})["']/.exec(
    head.toString('latin1', 0, HEAD_BYTES),
  );
  return declaration?.[1] ?? 'utf-8';
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new TableError(`the document has bytes that are not ${decoder.encoding}, which is its encoding`);
  }
}
