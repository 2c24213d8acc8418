/** A part as a whole. */
export interface PartDigest {
  /** Bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Takes the bytes of a part on the one pass over them, and says at the end what they were. */
export interface Reading<Facts extends PartDigest> {
  /** False once nothing of the part needs to be stored any more; it is still read to its end. */
  readonly isSound: boolean;
  /** Takes the next bytes, and resolves when more may come. */
  write(chunk: Uint8Array): Promise<void>;
  finish(): Promise<Facts>;
}
