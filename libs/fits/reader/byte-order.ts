import { endianness } from 'node:os';

/** FITS data are big-endian (FITS 3.0 §5): on a little-endian machine they are swapped in bulk before use. */
export const LITTLE_ENDIAN = endianness() === 'LE';
