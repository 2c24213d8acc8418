import { OusError } from './ous.error';

declare const uidBrand: unique symbol;

/**
 * An archive identifier in its canonical form, `uid://A001/X12b/X239`: an archive id and two hexadecimal fields, lower
 * case and not zero-padded. It names an ObsUnitSet, a scheduling block or an execution block; the text does not show
 * which.
 */
export type Uid = string & { readonly [uidBrand]: true };

const HEX = '(?:0|[1-9a-f][0-9a-f]{0,15})';
const CANONICAL = new RegExp(`^uid://A[0-9a-f]{3,8}/X${HEX}/X${HEX}$`);
const FILE_FORM = new RegExp(`^uid___A[0-9a-f]{3,8}_X${HEX}_X${HEX}$`);

/** Regular expression source that matches a uid such as `uid___A001_X1_Xa3` inside a file name. */
export const UID_IN_FILE_NAME = `uid___A[0-9a-f]{3,8}_X${HEX}_X${HEX}`;

/** Returns true only for the canonical form `uid://A001/X1/Xa3`. */
export function isUid(text: string): text is Uid {
  return CANONICAL.test(text);
}

/**
 * Reads a uid in its canonical form.
 * @throws OusError `ous.uid-malformed`
 */
export function parseUid(text: string): Uid {
  if (!isUid(text)) {
    throw new OusError('ous.uid-malformed', `"${clip(text)}" is not a uid such as uid://A001/X12b/X239`);
  }
  return text;
}

/** `uid://A001/X1/Xa3` -> `uid___A001_X1_Xa3`, the form used in file names and URL paths. */
export function toFileForm(uid: Uid): string {
  return uid.replace('://', '___').replaceAll('/', '_');
}

/**
 * `uid___A001_X1_Xa3` -> `uid://A001/X1/Xa3`.
 * @throws OusError `ous.uid-malformed`
 */
export function fromFileForm(text: string): Uid {
  if (!FILE_FORM.test(text)) {
    throw new OusError('ous.uid-malformed', `"${clip(text)}" is not a uid in file form such as uid___A001_X12b_X239`);
  }
  const [archive, high, low] = text.slice('uid___'.length).split('_');
  return `uid://${archive}/${high}/${low}` as Uid;
}

/** Reads a uid in either form, `uid://A001/X1/Xa3` or `uid___A001_X1_Xa3`; null for anything else. */
export function uidIn(text: string): Uid | null {
  if (isUid(text)) return text;
  return FILE_FORM.test(text) ? fromFileForm(text) : null;
}

/** Orders uids by their numbers (`X9` before `X10`); hexadecimal text would sort wrongly. */
export function compareUids(left: Uid, right: Uid): number {
  const [a, b] = [fields(left), fields(right)];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0n, b[i] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function fields(uid: Uid): bigint[] {
  return uid
    .slice('uid://'.length)
    .split('/')
    .map((field) => BigInt(`0x${field.slice(1)}`));
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
