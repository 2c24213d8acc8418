import { fromFileForm, isUid, type Uid, UID_IN_FILE_NAME } from '@almagest/ous';
import { InvalidArgumentError } from 'commander';

/** Parses a uid in either form, `uid://A001/X1/Xa3` or `uid___A001_X1_Xa3`; null for anything else. */
export function uidIn(text: string): Uid | null {
  if (isUid(text)) return text;
  return new RegExp(`^${UID_IN_FILE_NAME}$`).test(text) ? fromFileForm(text) : null;
}

/** Parses a uid as the value of an argument or an option. */
export function uidOption(text: string): Uid {
  const uid = uidIn(text);
  if (uid !== null) return uid;
  throw new InvalidArgumentError('Expected uid://A001/X1/Xa3 or uid___A001_X1_Xa3.');
}
