import { z } from 'zod';
import { beamSchema } from './file-facts';

const countSchema = z.int().nonnegative();

/** A position on the sky: right ascension (0 to 360) and declination, ICRS, in degrees. */
const positionSchema = z.tuple([z.number().min(0).lt(360), z.number().min(-90).max(90)]);

/** The part of the sky that an image covers, ICRS, in degrees. */
export const skyRegionSchema = z
  .discriminatedUnion('shape', [
    z.strictObject({
      shape: z.literal('polygon'),
      vertices: z.array(positionSchema).min(3).max(64).meta({
        description: 'Right ascension and declination of each vertex, counter-clockwise with north up and east left',
      }),
    }),
    z.strictObject({
      shape: z.literal('circle'),
      centre: positionSchema,
      radius: z.number().positive().max(180),
    }),
  ])
  .meta({ id: 'SkyRegion' });
export type SkyRegion = z.infer<typeof skyRegionSchema>;

/** What one image shows, according to its header and its pixels. A value that cannot be computed is null. */
export const imageRecordSchema = z
  .strictObject({
    object: z.string().nullable().meta({ description: 'OBJECT' }),
    observed: z.string().nullable().meta({ description: 'DATE-OBS as written: the start of the observation, UTC' }),
    unit: z.string().nullable().meta({ description: 'BUNIT, such as `Jy/beam`' }),
    spectralWindows: z.array(countSchema).meta({ description: 'Spectral windows in the name of the file, if any' }),
    shape: z.array(countSchema).meta({ description: 'NAXIS1, NAXIS2 ...: pixels along each axis' }),
    frame: z.string().nullable().meta({ description: 'The frame of its own sky axes, such as `ICRS` or `FK5`' }),
    centre: positionSchema.nullable().meta({ description: 'Centre: right ascension and declination, ICRS, degrees' }),
    region: skyRegionSchema.nullable(),
    pixelArcsec: z
      .tuple([z.number().positive(), z.number().positive()])
      .nullable()
      .meta({ description: 'Width and height of a pixel' }),
    skyPixels: z
      .tuple([countSchema, countSchema])
      .nullable()
      .meta({ description: 'Pixels along the longitude and the latitude axis' }),
    spectral: z
      .strictObject({
        minimumHz: z.number().positive().meta({ description: 'Lower edge of the lowest channel' }),
        maximumHz: z.number().positive().meta({ description: 'Upper edge of the highest channel' }),
        frame: z.string().nullable().meta({ description: 'SPECSYS, such as `LSRK`' }),
        channels: countSchema,
        channelWidthHz: z.number().positive().meta({ description: 'Width of the middle channel' }),
        restHz: z.number().positive().nullable(),
      })
      .nullable(),
    stokes: z.array(z.string()).meta({ description: 'Stokes parameters or correlations, in the order of the file' }),
    beam: beamSchema
      .nullable()
      .meta({ description: 'Synthesised beam; the median of a cube whose beam varies from channel to channel' }),
    noise: z
      .array(z.strictObject({ stokes: z.string().nullable(), sigma: z.number().nonnegative() }))
      .meta({ description: 'Measured noise before primary beam correction, in the unit of the image; often empty' }),
    mosaic: z
      .boolean()
      .nullable()
      .meta({ description: 'Made of more than one pointing, as the imaging task in HISTORY says; null: not stated' }),
  })
  .meta({ id: 'ImageRecord' });
export type ImageRecord = z.infer<typeof imageRecordSchema>;
