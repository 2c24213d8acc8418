import { isUtf8 } from 'node:buffer';
import type { NameFlaw } from '../tar-entry';

/** The bytes of a NUL-terminated field, copied out of its block. */
export function readNameField(block: Buffer, start: number, length: number): Buffer {
  return Buffer.from(upToNul(block.subarray(start, start + length)));
}

export function upToNul(bytes: Buffer): Buffer {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

/** Decodes a stored name as UTF-8 and says why it cannot be trusted as text, if it cannot. */
export function decodeName(bytes: Buffer): { text: string; flaw: NameFlaw | null } {
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { text, flaw: 'not-utf-8' };
  if (bytes.includes(0)) return { text, flaw: 'nul' };
  return { text, flaw: /[\u0001-\u001f\u007f-\u009f]/.test(text) ? 'control-character' : null };
}
