import { createHmac, timingSafeEqual } from 'node:crypto';
import { AccessError } from './access.error';
import { readSecretFile, type WarningLog } from './secret-file';

/** A mail link: its id, by which it can be revoked, the one delivery it gives access to, and when it expires. */
export interface DeliveryLink {
  id: string;
  delivery: string;
  expires: Date;
}

const TOKEN = /^L\.([\w-]{48})\.([\w-]{43})\.([a-z0-9]{1,16})$/;
const KEY_LINE = /^([a-z0-9]{1,16})\s+(\S{32,})$/;

/**
 * Signs and reads mail links: `L.<delivery, id, expiry>.<HMAC-SHA256>.<key id>`, base64url. The first key of the file
 * signs, and every key verifies. To rotate keys, put the new key first, and remove the old one when its links have
 * expired.
 */
export class DeliveryLinks {
  private constructor(private readonly keys: ReadonlyMap<string, string>) {}

  /**
   * Reads a file with one `id key` per line; `#` begins a comment.
   * @throws AccessError `access.link-keys-unreadable`
   */
  static fromFile(path: string, log: WarningLog): DeliveryLinks {
    return DeliveryLinks.parse(readSecretFile(path, 'link keys', 'access.link-keys-unreadable', log), path);
  }

  static parse(text: string, origin: string): DeliveryLinks {
    const keys = new Map<string, string>();
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const [, id, key] = KEY_LINE.exec(line.trim()) ?? [];
      if (id === undefined || key === undefined || keys.has(id)) {
        throw new AccessError(
          'access.link-keys-unreadable',
          `${origin}, line ${index + 1}: expected "id key" with a unique id of lower-case letters and digits, and a key ` +
            'of at least 32 characters',
        );
      }
      keys.set(id, key);
    }
    if (keys.size === 0) throw new AccessError('access.link-keys-unreadable', `${origin} contains no key`);
    return new DeliveryLinks(keys);
  }

  sign({ id, delivery, expires }: DeliveryLink): string {
    const [[keyId, key] = ['', '']] = this.keys;
    const payload = Buffer.alloc(36);
    payload.write(delivery.replaceAll('-', ''), 0, 'hex');
    payload.write(id.replaceAll('-', ''), 16, 'hex');
    payload.writeUInt32BE(Math.floor(expires.getTime() / 1000), 32);
    const signed = payload.toString('base64url');
    return `L.${signed}.${macOf(signed, keyId, key).toString('base64url')}.${keyId}`;
  }

  /** Returns the link of a token that a key of this archive signed, even when expired; null for any other token. */
  read(token: string): DeliveryLink | null {
    const [, signed = '', mac = '', keyId = ''] = TOKEN.exec(token) ?? [];
    const key = this.keys.get(keyId);
    if (key === undefined || !isSame(mac, macOf(signed, keyId, key).toString('base64url'))) return null;
    const payload = Buffer.from(signed, 'base64url');
    return {
      delivery: uuidOf(payload.subarray(0, 16)),
      id: uuidOf(payload.subarray(16, 32)),
      expires: new Date(payload.readUInt32BE(32) * 1000),
    };
  }
}

/** Compares the texts: several spellings of base64url are the same bytes, but only one of them was signed. */
function isSame(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function macOf(signed: string, keyId: string, key: string): Buffer {
  return createHmac('sha256', key).update(`almagest-link.${signed}.${keyId}`).digest();
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
