import { count, humanSize, printable } from '@almagest/text';
import type { Colours } from '../output/terminal';
import type { DeliveryTree } from '../packing/delivery-tree';
import type { PackedPart } from '../packing/pack-delivery';

/** The written parts with their sizes and digests. */
export function packedView({ ous }: DeliveryTree, parts: readonly PackedPart[], colours: Colours): string[] {
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const bytes = parts.reduce((sum, part) => sum + part.size, 0);
  return [
    ...parts.flatMap(({ path, size, sha256, files: inPart }) => [
      `${colours.bold(printable(path))}  ${humanSize(size)}, ${count(inPart, 'file')}`,
      `  ${colours.dim('SHA-256')} ${sha256}`,
    ]),
    `Packed ${count(files, 'file')} of ${ous} into ${count(parts.length, 'part')}, ${humanSize(bytes)}.`,
  ];
}
