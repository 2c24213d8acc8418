import { deliveryReportSchema, ROLES } from '@almagest/delivery';
import { z } from 'zod';

const countSchema = z.int().nonnegative();
const imageNameSchema = z.strictObject({
  family: z.enum(['document', 'pipeline', 'pipeline-member', 'manual', 'total-power']),
  source: z.string().nullable(),
  intent: z.enum(['science', 'bandpass', 'phase', 'check', 'flux', 'polarization']),
  spws: z.array(countSchema),
  mode: z.enum(['cube', 'continuum', 'moment', 'representative-bandwidth']).nullable(),
  stokes: z.string().nullable(),
  taylorTerm: countSchema.nullable(),
  version: countSchema,
});

const inventoryFileSchema = z.strictObject({
  part: countSchema.nullable().meta({ description: 'Index into `parts`; null in a tree' }),
  path: z.string(),
  size: countSchema,
  item: z.int().min(1).max(7).nullable(),
  role: z.enum(ROLES),
  executionBlock: z.string().nullable(),
  session: countSchema.nullable(),
  page: countSchema.nullable(),
  image: imageNameSchema.nullable(),
});

/** The document that `almagest validate --json` prints: the report, the parts and the inventory. */
export const validationDocumentSchema = deliveryReportSchema
  .extend({
    accepted: z.boolean().meta({ description: 'The verdict is `pass` and, when strict, there is no warning' }),
    strict: z.boolean(),
    only: z.array(z.string()).nullable().meta({ description: 'The only rules that were checked; null: all of them' }),
    parts: z.array(
      z.strictObject({
        name: z.string(),
        size: countSchema,
        sha256: z
          .string()
          .nullable()
          .meta({ description: 'Hexadecimal; null when the part cannot be read to its end' }),
      }),
    ),
    inventory: z.array(inventoryFileSchema),
  })
  .meta({ title: 'Validation of a delivery, version 1' });
export type ValidationDocument = z.infer<typeof validationDocumentSchema>;
export type InventoryFile = ValidationDocument['inventory'][number];

/** The document with an inventory that is generated file by file. */
export type Validation = Omit<ValidationDocument, 'inventory'> & { inventory: Iterable<InventoryFile> };
