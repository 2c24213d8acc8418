import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parseUid } from '@almagest/ous';
import { z } from 'zod';
import { DeliveryInspection, type InspectionOptions } from '../inspection';
import type { BrokenArchive, DeliveryEntry, PostedDelivery } from '../inventory/delivery-entry';
import type { Item } from '../naming/role';
import type { DeliveryReport } from '../report/report';

export const EXAMPLES = join(__dirname, '../../../examples');

const memberSchema = z.object({
  path: z.string(),
  type: z.enum(['dir', 'file']),
  size: z.int().optional(),
  offset: z.int().optional(),
  item: z.int().optional(),
  role: z.string().optional(),
});
const imageFactsSchema = z.object({
  file: z.string(),
  beam: z.object({ major: z.number(), minor: z.number(), pa: z.number() }),
  rms: z.number(),
});
const tarSchema = z.object({ name: z.string(), members: z.array(memberSchema) });
const manifestSchema = z.object({
  deliveries: z.array(
    z.object({
      project: z.string(),
      science_goal_uid: z.string(),
      group_uid: z.string(),
      level: z.enum(['member', 'group']),
      ous_uid: z.string(),
      mode: z.enum(['analyst', 'pipeline', 'combination']),
      ebs: z.array(z.string()),
      tree: z.string(),
      facts: z.object({ cont: imageFactsSchema, line: imageFactsSchema }),
      product_tars: z.array(tarSchema),
      raw_tars: z.array(tarSchema),
    }),
  ),
});

/** An entry of the sample with its item and role from the manifest. */
export interface SampleEntry extends DeliveryEntry {
  item: Item | null;
  role: string | null;
  /** The content of the file: by default that in the tar of the sample. */
  content?: () => Buffer;
}

export interface SamplePart {
  name: string;
  entries: SampleEntry[];
  problem?: BrokenArchive;
}

/** One delivery of `examples/`, which a test changes and inspects. */
export interface SampleDelivery {
  posted: PostedDelivery | null;
  mode: 'analyst' | 'pipeline' | 'combination';
  /** Path of the directory of the ObsUnitSet. */
  tree: string;
  parts: SamplePart[];
  rawParts: SamplePart[];
}

const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(EXAMPLES, 'manifest.json'), 'utf8')));

/** Returns a new copy of the delivery of the mode, which the test may change. */
export function sampleDelivery(mode: SampleDelivery['mode']): SampleDelivery {
  const delivery = deliveryOf(mode);
  return {
    posted: {
      project: delivery.project,
      level: delivery.level,
      scienceGoal: parseUid(delivery.science_goal_uid),
      group: parseUid(delivery.group_uid),
      ous: parseUid(delivery.ous_uid),
      executionBlocks: delivery.ebs.map((uid) => ({ uid: parseUid(uid), use: 'used' })),
    },
    mode,
    tree: delivery.tree,
    parts: delivery.product_tars.map(toPart),
    rawParts: delivery.raw_tars.map(toPart),
  };
}

function toPart({ name, members }: z.infer<typeof tarSchema>): SamplePart {
  return {
    name,
    entries: members.map(({ path, type, size = 0, offset, item = null, role = null }) => ({
      path,
      type: type === 'dir' ? 'directory' : 'file',
      size,
      item: item as Item | null,
      role,
      ...(offset === undefined ? {} : { content: () => readBytes(join(EXAMPLES, name), offset, size) }),
    })),
  };
}

function readBytes(file: string, offset: number, size: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(size);
    readSync(handle, bytes, 0, size, offset);
    return bytes;
  } finally {
    closeSync(handle);
  }
}

/** Returns the beam and noise of the images as measured by CASA. */
export function sampleFacts(mode: SampleDelivery['mode']): (typeof manifest.deliveries)[number]['facts'] {
  return deliveryOf(mode).facts;
}

/** Returns the text of a file, by its path below the directory of the ObsUnitSet. */
export function sampleText(sample: SampleDelivery, path: string): string {
  return sampleContent(sample, path).toString('utf8');
}

/** Returns the bytes of a file, by its path below the directory of the ObsUnitSet. */
export function sampleContent({ parts, tree }: SampleDelivery, path: string): Buffer {
  const entry = parts.flatMap(({ entries }) => entries).find((each) => each.path === `${tree}/${path}`);
  if (!entry?.content) throw new Error(`${path} is not a file of the sample`);
  return entry.content();
}

function deliveryOf(mode: SampleDelivery['mode']): (typeof manifest.deliveries)[number] {
  const delivery = manifest.deliveries.find((candidate) => candidate.mode === mode);
  if (!delivery) throw new Error(`the sample has no ${mode} delivery`);
  return delivery;
}

/** Reads the delivery through an inspection, part by part. */
export async function inspect(
  sample: SampleDelivery,
  options: Omit<InspectionOptions, 'posted'> = {},
): Promise<DeliveryReport> {
  const inspection = new DeliveryInspection({ posted: sample.posted, ...options });
  await feed(inspection, sample);
  return inspection.finish();
}

/** Passes the parts with their contents to an inspection. */
export async function feed(inspection: DeliveryInspection, { parts }: SampleDelivery): Promise<void> {
  for (const { name, entries, problem } of parts) {
    const part = inspection.openPart(name);
    for (const entry of entries) {
      const { content } = part.entry(entry);
      if (content === null || entry.content === undefined) continue;
      for (const chunk of chunks(entry.content())) {
        content.data(chunk);
        await inspection.backlog();
      }
      content.end();
    }
    part.close(problem);
  }
}

function* chunks(bytes: Buffer, size = 64 * 1024): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
