import { TableError } from './table.error';

/** Decodes base64 that arrives in pieces, with white space anywhere. */
export class Base64Text {
  /** Up to three letters that are no group yet. */
  private rest = '';
  private isPadded = false;

  /** @throws TableError */
  push(text: string): Buffer {
    const letters = this.rest + text.replace(/[\s]+/g, '');
    if (letters === '') return Buffer.alloc(0);
    if (this.isPadded || !/^[A-Za-z0-9+/]*={0,2}$/.test(letters)) {
      throw new TableError('STREAM has characters that are not base64 (RFC 4648, 4)');
    }
    const whole = letters.length - (letters.length % 4);
    this.rest = letters.slice(whole);
    const group = letters.slice(0, whole);
    this.isPadded = group.endsWith('=');
    return Buffer.from(group, 'base64');
  }

  /** @throws TableError when it ends inside a group */
  end(): void {
    if (this.rest !== '') throw new TableError('STREAM ends inside a group of base64; the table may be cut');
  }
}
