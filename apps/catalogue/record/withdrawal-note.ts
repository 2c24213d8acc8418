import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { deliveryFolder, type Withdrawal, withdrawalKey, withdrawalSchema } from '@almagest/contracts';
import type { ObjectStore } from '@almagest/object-store';

/** A note that lies in the store. */
export interface StoredNote {
  key: string;
  size: number;
  sha256: string;
  withdrawal: Withdrawal;
}

/** A note is a few lines; what is longer was not written by the archive. */
const MOST_BYTES = 16_384;

const NOTE = 'QA2 took this delivery back. The archive keeps it and serves it no more; do not remove this file.';

/**
 * Writes beside a delivery's manifest that it is withdrawn. A note of the same FAIL that lies there already stays as it
 * is: a transaction that died after writing it, or a rebuild, finds what was said first.
 */
export async function noteWithdrawal(
  store: ObjectStore,
  facts: Omit<Withdrawal, 'note' | 'version'>,
): Promise<StoredNote> {
  const key = withdrawalKey(deliveryFolder(facts));
  const there = await readWithdrawal(store, key);
  if (there?.withdrawal.delivery === facts.delivery && there.withdrawal.by.result === facts.by.result) return there;
  const withdrawal: Withdrawal = { note: NOTE, version: 1, ...facts };
  const bytes = Buffer.from(`${JSON.stringify(withdrawal, null, 2)}\n`);
  await store.put(key, bytes);
  return noteOf(key, bytes, withdrawal);
}

/** The note under a key; null when there is none, or none that can be read. */
export async function readWithdrawal(store: ObjectStore, key: string): Promise<StoredNote | null> {
  const there = await store.head(key);
  if (there === null || there.size > MOST_BYTES) return null;
  const content = await text(await store.read(key));
  const parsed = withdrawalSchema.safeParse(parseJson(content));
  return parsed.success ? noteOf(key, Buffer.from(content), parsed.data) : null;
}

function noteOf(key: string, bytes: Buffer, withdrawal: Withdrawal): StoredNote {
  return { key, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), withdrawal };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
