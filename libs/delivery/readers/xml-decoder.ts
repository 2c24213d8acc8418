/** An XML declaration is much shorter; beyond this a file has none. */
const DECLARATION_BYTES = 256;
const DECLARED = /^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/;
/** What old tools write. Other encodings are not accepted, so that a PPR cannot have a hidden second reading. */
const ACCEPTED = /^(?:utf-?8|us-ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-16(?:le|be)?)$/i;

/** The document declares an encoding that is not accepted. */
export class EncodingError extends Error {
  constructor(readonly encoding: string) {
    super(`the encoding ${encoding} is not accepted`);
  }
}

/**
 * Decodes an XML document that arrives in chunks, by its byte order mark, else by the encoding that its declaration
 * names, else as UTF-8 (XML 1.0 §4.3.3, appendix F). UTF-16 needs a byte order mark.
 */
export class XmlDecoder {
  private start: Buffer | null = Buffer.alloc(0);
  private decoder = new TextDecoder('utf-8', { fatal: true });

  /**
   * Returns the text of the next bytes; none while the declaration is incomplete.
   * @throws EncodingError
   * @throws TypeError when the bytes are not in the encoding
   */
  write(chunk: Uint8Array): string {
    if (this.start === null) return this.decoder.decode(chunk, { stream: true });
    this.start = Buffer.concat([this.start, chunk]);
    const isComplete = this.start.length >= DECLARATION_BYTES || this.start.includes('>');
    return isComplete ? this.begin(this.start) : '';
  }

  /** Returns the rest of the text. Throws like `write`. */
  end(): string {
    const text = this.start === null ? '' : this.begin(this.start);
    return text + this.decoder.decode();
  }

  private begin(start: Buffer): string {
    this.start = null;
    this.decoder = new TextDecoder(encodingOf(start), { fatal: true });
    return this.decoder.decode(start, { stream: true });
  }
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  const declared = DECLARED.exec(start.toString('latin1'))?.[1] ?? 'utf-8';
  // A declaration in single bytes is not in UTF-16, whatever it says.
  if (!ACCEPTED.test(declared) || /^utf-16/i.test(declared)) throw new EncodingError(declared);
  return declared;
}
