import { shellWord } from '@almagest/text';
import { programName } from '../installation';
import { type AddressOptions, repeatedOptions } from './archive-address';

/**
 * Returns a command that a user can paste as it stands: for the same archive, with every word quoted that needs it.
 * @param words the command without the name of the program
 */
export function suggestion(words: readonly string[], options: AddressOptions): string {
  return `${programName()} ${words.map(shellWord).join(' ')}${repeatedOptions(options)}`;
}
