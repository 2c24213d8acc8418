/** ALMA's receiver bands: lowest and highest frequency, GHz (ALMA Technical Handbook, table of receivers). */
const BANDS: readonly { band: number; from: number; to: number }[] = [
  { band: 1, from: 35, to: 50 },
  { band: 3, from: 84, to: 116 },
  { band: 2, from: 67, to: 116 },
  { band: 4, from: 125, to: 163 },
  { band: 5, from: 158, to: 211 },
  { band: 6, from: 211, to: 275 },
  { band: 7, from: 275, to: 373 },
  { band: 8, from: 385, to: 500 },
  { band: 9, from: 602, to: 720 },
  { band: 10, from: 787, to: 950 },
];

/** Returns the receiver band of a frequency in Hz; null for one that ALMA does not receive. Band 3 comes before band 2. */
export function bandOf(hertz: number): number | null {
  const gigahertz = hertz / 1e9;
  return BANDS.find(({ from, to }) => gigahertz >= from && gigahertz < to)?.band ?? null;
}
