import { createInterface } from 'node:readline';
import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { faultsOf, type ManifestLine, manifestLineSchema, parseInput, parseJson } from '@almagest/contracts';
import type { ObjectStore } from './object-store.port';

/** A manifest object is not what its event says. Retryable, because the object store may have been at fault. */
export class ManifestError extends Error {
  readonly code = 'catalogue.manifest-unreadable';
  readonly retryable = true;
}

/** The size and digest of a manifest object. */
export interface ManifestDigest {
  /** Bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/**
 * Reads a delivery's manifest line by line from the object store.
 * @throws ManifestError when a line is malformed or, after the last line, when the SHA-256 is not the event's
 */
export async function* readManifest(
  store: ObjectStore,
  manifest: { key: string; sha256: string },
): AsyncGenerator<ManifestLine> {
  const { sha256 } = yield* manifestLines(store, manifest.key);
  if (sha256 !== manifest.sha256) {
    throw new ManifestError(`${manifest.key} has SHA-256 ${sha256}; its event says ${manifest.sha256}`);
  }
}

/**
 * Reads a manifest line by line from the object store; returns its size and digest.
 * @throws ManifestError when a line is malformed
 */
export async function* manifestLines(store: ObjectStore, key: string): AsyncGenerator<ManifestLine, ManifestDigest> {
  const hash = createHash('sha256');
  let size = 0;
  const text = new PassThrough();
  const copied = pipeline(
    await store.read(key),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    text,
  );
  copied.catch((error: Error) => text.destroy(error));
  let number = 0;
  for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
    number += 1;
    const parsed = parseInput(manifestLineSchema, parseJson(line));
    if (!parsed.success) {
      throw new ManifestError(`${key}, line ${number}: ${faultsOf(parsed.error)}`);
    }
    yield parsed.data;
  }
  await copied;
  return { size, sha256: hash.digest('hex') };
}
