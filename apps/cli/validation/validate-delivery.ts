import { DeliveryInspection, type ProfileName, type Rule } from '@almagest/delivery';
import type { DeliveryInput } from './delivery-input';
import { FileLog, type LoggedFile, readPart, readTree } from './delivery-reading';
import type { InventoryFile, Validation, ValidationDocument } from './validation-document';

export interface ValidationOptions {
  profile?: ProfileName;
  /** Do not accept a delivery with warnings. */
  strict: boolean;
  /** The only rules to check; null: all of them. */
  only: readonly Rule[] | null;
}

/** Receives the progress of a validation. */
export interface ValidationProgress {
  onPart(name: string, done: number, of: number): void;
  onTree(seen: { path: string; files: number; bytes: number }): void;
}

/**
 * Checks a delivery on disk against the delivery standard. Reads every byte of its parts once.
 * @throws CliError `cli.input-unreadable`; the reason of `signal` when it is aborted
 */
export async function validateDelivery(
  input: DeliveryInput,
  { profile, strict, only }: ValidationOptions,
  progress: ValidationProgress,
  signal: AbortSignal,
): Promise<Validation> {
  const inspection = new DeliveryInspection({
    posted: null,
    ...(profile === undefined ? {} : { profile }),
    ...(only === null ? {} : { rules: only }),
  });
  const log = new FileLog();
  const parts = await read(input, inspection, log, progress, signal);
  const report = await inspection.finish();
  return {
    ...report,
    accepted: report.verdict === 'pass' && !(strict && report.counts.warn > 0),
    strict,
    only: only && only.map(({ code }) => code),
    parts,
    inventory: { [Symbol.iterator]: () => inventoryOf(log, input.kind) },
  };
}

async function read(
  input: DeliveryInput,
  inspection: DeliveryInspection,
  log: FileLog,
  progress: ValidationProgress,
  signal: AbortSignal,
): Promise<ValidationDocument['parts']> {
  if (input.kind === 'tree') {
    const seen = { path: '', files: 0, bytes: 0 };
    await readTree(input, inspection, log, signal, {
      onEntry: (path) => progress.onTree(Object.assign(seen, { path, files: seen.files + 1 })),
      onBytes: (length) => progress.onTree(Object.assign(seen, { bytes: seen.bytes + length })),
    });
    return [];
  }
  const parts: ValidationDocument['parts'] = [];
  for (const part of input.parts) {
    let done = 0;
    const onBytes = (length: number): void => progress.onPart(part.name, (done += length), part.size);
    parts.push({ name: part.name, size: part.size, sha256: await readPart(part, inspection, log, signal, onBytes) });
  }
  return parts;
}

function* inventoryOf({ files }: FileLog, kind: DeliveryInput['kind']): Generator<InventoryFile> {
  for (const file of files) yield inventoryFile(file, kind);
}

function inventoryFile({ container, path, size, file }: LoggedFile, kind: DeliveryInput['kind']): InventoryFile {
  const { item, role, executionBlock, session, page, image } = file;
  const part = kind === 'tree' ? null : container;
  return { part, path, size, item, role, executionBlock, session, page, image: image && withoutKey(image) };
}

function withoutKey(image: NonNullable<LoggedFile['file']['image']>): InventoryFile['image'] {
  const { familyKey: _familyKey, spws, ...rest } = image;
  return { ...rest, spws: [...spws] };
}
