import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Qa2Result, qa2ResultSchema } from '@almagest/contracts';
import { z } from 'zod';
import { REPOSITORY } from './built';

/** The real sample, and the manifest of its content. */
export const EXAMPLES = join(REPOSITORY, 'examples');

const tarSchema = z.object({
  name: z.string(),
  size: z.int(),
  sha256: z.string(),
  members: z.array(
    z.object({
      path: z.string(),
      type: z.enum(['dir', 'file']),
      offset: z.int().optional(),
      size: z.int().optional(),
      sha256: z.string().optional(),
      item: z.int().optional(),
      role: z.string().optional(),
    }),
  ),
});
const imageSchema = z.object({
  file: z.string(),
  /** Arcseconds. */
  beam: z.object({ major: z.number(), minor: z.number() }),
  /** Jy/beam, as the README states it. */
  rms: z.number(),
});
const manifestSchema = z.object({
  deliveries: z.array(
    z.object({
      ous_uid: z.string(),
      mode: z.string(),
      tree: z.string(),
      product_tars: z.array(tarSchema),
      facts: z.object({ cont: imageSchema, line: imageSchema }),
    }),
  ),
});
export type SampleDelivery = z.infer<typeof manifestSchema>['deliveries'][number];

/** A file inside a tar of the sample. */
export interface SampleFile {
  part: string;
  path: string;
  offset: number;
  size: number;
  sha256: string;
}

/** The sample's QA2 results in the order of its story. */
export const SAMPLE = {
  member12m: '1-member-12m.json',
  member7m: '2-member-7m.json',
  group: '3-group.json',
} as const;

/** Returns a QA2 result of the sample with absolute locations. */
export function sampleResult(name: keyof typeof SAMPLE): Qa2Result {
  const posted = JSON.parse(readFileSync(join(EXAMPLES, SAMPLE[name]), 'utf8'), (key, value: unknown) =>
    key === 'location' && typeof value === 'string' ? pathToFileURL(join(EXAMPLES, value)).href : value,
  ) as unknown;
  return qa2ResultSchema.parse(posted);
}

/** Returns the entry of the manifest for the delivery of an ObsUnitSet. */
export function sampleDelivery(ous: string): SampleDelivery {
  const text = readFileSync(join(EXAMPLES, 'manifest.json'), 'utf8');
  const delivery = manifestSchema.parse(JSON.parse(text)).deliveries.find((each) => each.ous_uid === ous);
  if (delivery === undefined) throw new Error(`the sample has no delivery of ${ous}`);
  return delivery;
}

/** Returns every file inside the parts of a delivery, ordered by path. */
export function sampleFiles(delivery: SampleDelivery): SampleFile[] {
  const files = delivery.product_tars.flatMap(({ name, members }) =>
    members.flatMap(({ path, type, offset, size, sha256 }) =>
      type === 'file' && offset !== undefined && size !== undefined && sha256 !== undefined
        ? [{ part: name, path, offset, size, sha256 }]
        : [],
    ),
  );
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** Returns a part as it was posted. */
export function samplePart(name: string): Buffer {
  return readFileSync(join(EXAMPLES, name));
}
