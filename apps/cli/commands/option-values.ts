import { type Uid, uidIn } from '@almagest/ous';
import { InvalidArgumentError } from 'commander';

const FACTORS: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

const SIZE = /^(\d{1,15}(?:\.\d{1,6})?) ?(?:(Ki|Mi|Gi|Ti|k|M|G|T)B?|B?)$/;

/** Parses an option value as a size of at least `least` bytes: `20000000`, `20MB`, `1.5 GB`, `1GiB`. */
export function byteSize(least: number): (text: string) => number {
  return (text) => {
    const [, number, unit = ''] = SIZE.exec(text) ?? [];
    const bytes = Math.floor(Number(number) * (FACTORS[unit] ?? NaN));
    if (Number.isSafeInteger(bytes) && bytes >= least) return bytes;
    throw new InvalidArgumentError(`Expected a size such as 20GB or 512MiB, of at least ${least} bytes.`);
  };
}

/** Parses an option value as a whole number from `least` to `most`. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^-?\d{1,9}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** Parses a uid as the value of an argument or an option. */
export function uidOption(text: string): Uid {
  const uid = uidIn(text);
  if (uid !== null) return uid;
  throw new InvalidArgumentError('Expected uid://A001/X1/Xa3 or uid___A001_X1_Xa3.');
}
