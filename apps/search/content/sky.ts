import type { SkyRegion } from '@almagest/contracts';

const DEGREE = Math.PI / 180;

/** The rotation from ICRS to galactic coordinates (Hipparcos catalogue, volume 1, section 1.5.3). */
const GALACTIC = [
  [-0.0548755604162154, -0.873437090234885, -0.483835015548713],
  [0.4941094278755837, -0.4448296299600112, 0.746982244497219],
  [-0.8676661490190047, -0.1980763734312015, 0.4559837761750669],
] as const;

/** Returns galactic longitude (0 to 360) and latitude of an ICRS position; all in degrees. */
export function galactic([ra, dec]: readonly [number, number]): { longitude: number; latitude: number } {
  const [a, d] = [ra * DEGREE, dec * DEGREE];
  const unit = [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)];
  const [x = 0, y = 0, z = 0] = GALACTIC.map((row) => row.reduce((sum, cell, i) => sum + cell * (unit[i] ?? 0), 0));
  const longitude = Math.atan2(y, x) / DEGREE;
  return { longitude: longitude < 0 ? longitude + 360 : longitude, latitude: Math.asin(clamp(z)) / DEGREE };
}

/** Returns the text of a region as the observatory's service writes it (STC-S). */
export function stcs(region: SkyRegion): string {
  return region.shape === 'circle'
    ? `Circle ICRS ${region.centre.join(' ')} ${region.radius}`
    : `Polygon ICRS ${region.vertices.flat().join(' ')}`;
}

function clamp(cosine: number): number {
  return Math.min(1, Math.max(-1, cosine));
}
