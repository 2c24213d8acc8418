import type { ImageFacts, Region, SkyPosition } from '@almagest/fits';
import type { z } from 'zod';
import { type ImageRecord, imageRecordSchema, type SkyRegion } from '../facts/image-record';
import { printableData } from '../printable';

/** What is known about an image besides its header. */
export interface BesidesHeader {
  /** Spectral windows in the name of the file. */
  spectralWindows: readonly number[];
  /** The measured noise, in the unit of the image; empty when it was not measured. */
  noise: readonly { stokes: string | null; sigma: number }[];
}

/** No list of a record is longer. */
const MAX_ITEMS = 64;

/** Returns the record of an image. A value that its schema does not allow, such as a width of zero, becomes null. */
export function makeImageRecord(image: ImageFacts, { spectralWindows, noise }: BesidesHeader): ImageRecord {
  const { object, observed, unit, shape, sky, coverage, spectral, stokes, beam, isMosaic } = image;
  const found = {
    object,
    observed,
    unit,
    spectralWindows: [...spectralWindows],
    shape,
    frame: sky?.frame ?? null,
    centre: coverage?.centre ? pairOf(coverage.centre) : null,
    region: coverage?.region ? regionOf(coverage.region) : null,
    pixelArcsec: sky?.pixelArcsec ?? null,
    skyPixels: coverage?.pixels ?? null,
    spectral: spectral && {
      minimumHz: spectral.minimumHz,
      maximumHz: spectral.maximumHz,
      frame: spectral.frame,
      channels: spectral.channels,
      channelWidthHz: spectral.channelWidthHz,
      restHz: spectral.restHz,
    },
    stokes,
    beam: beam && { majorArcsec: beam.majorArcsec, minorArcsec: beam.minorArcsec, positionAngleDeg: beam.paDeg },
    noise: noise.map(({ stokes: of, sigma }) => ({ stokes: of, sigma })),
    mosaic: isMosaic,
  };
  const shown = printableData(found, MAX_ITEMS);
  const { shape: fields } = imageRecordSchema;
  return {
    object: allowed(fields.object, shown.object),
    observed: allowed(fields.observed, shown.observed),
    unit: allowed(fields.unit, shown.unit),
    spectralWindows: allowed(fields.spectralWindows, shown.spectralWindows) ?? [],
    shape: allowed(fields.shape, shown.shape) ?? [],
    frame: allowed(fields.frame, shown.frame),
    centre: allowed(fields.centre, shown.centre),
    region: allowed(fields.region, shown.region),
    pixelArcsec: allowed(fields.pixelArcsec, shown.pixelArcsec),
    skyPixels: allowed(fields.skyPixels, shown.skyPixels),
    spectral: allowed(fields.spectral, shown.spectral),
    stokes: allowed(fields.stokes, shown.stokes) ?? [],
    beam: allowed(fields.beam, shown.beam),
    noise: allowed(fields.noise, shown.noise) ?? [],
    mosaic: allowed(fields.mosaic, shown.mosaic),
  };
}

function allowed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Four micro-arcseconds: shorter numbers in a list of thousands of images. */
const DECIMALS = 1e9;

function rounded(degrees: number): number {
  return Math.round(degrees * DECIMALS) / DECIMALS;
}

function pairOf({ lon, lat }: SkyPosition): [number, number] {
  return [rounded(lon) % 360, rounded(lat)];
}

function regionOf(region: Region): SkyRegion {
  return region.shape === 'circle'
    ? { shape: 'circle', centre: pairOf(region.centre), radius: rounded(region.radius) }
    : { shape: 'polygon', vertices: region.vertices.map(pairOf) };
}
