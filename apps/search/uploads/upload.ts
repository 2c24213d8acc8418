import type { Readable } from 'node:stream';
import { badParameter } from '../search.error';
import type { DaliParameters } from '../tap/dali-parameters';
import { openUrl } from './upload-url';

/** A table that comes with a query, which names it `TAP_UPLOAD.name` (TAP 1.1, 2.5). */
export interface Upload {
  /** The name after `TAP_UPLOAD.`. */
  readonly name: string;
  /** The media type that its sender states; null when it states none. */
  readonly mediaType: string | null;
  /**
   * Opens it from its beginning, as often as wanted while the parameters of its request are open.
   * @throws DomainError when it comes from a URL that cannot be read
   */
  open(): Promise<Readable>;
}

/** A regular identifier of ADQL (ADQL 2.1, 2.1.3) that fits into messages. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
/** Tables of one query at most. */
const TABLES = 32;

/**
 * Reads the parameter UPLOAD: `name,param:part` or `name,URL`, several of these separated by semicolons (TAP 1.1, 2.5).
 * @param hosts servers that a URL may name
 * @throws DomainError `search.bad-parameter`
 */
export function uploadsOf(parameters: DaliParameters, hosts: readonly string[]): readonly Upload[] {
  const entries = parameters.all('UPLOAD').flatMap((value) => value.split(';').filter((entry) => entry.trim() !== ''));
  if (entries.length > TABLES) throw badParameter(`UPLOAD has ${entries.length} tables; expected at most ${TABLES}`);
  const uploads = entries.map((entry) => uploadOf(entry.trim(), parameters, hosts));
  const names = uploads.map(({ name }) => name.toLowerCase());
  const repeated = uploads.find(({ name }, index) => names.indexOf(name.toLowerCase()) < index);
  if (repeated !== undefined) throw badParameter(`UPLOAD names two tables ${repeated.name}; case does not matter`);
  return uploads;
}

function uploadOf(entry: string, parameters: DaliParameters, hosts: readonly string[]): Upload {
  const comma = entry.indexOf(',');
  const [name, location] = [entry.slice(0, comma).trim(), entry.slice(comma + 1).trim()];
  if (comma < 0 || location === '') {
    throw badParameter(`UPLOAD is '${entry}'; expected a name, a comma, and param:PART or a URL (TAP 1.1, 2.5)`);
  }
  if (!NAME.test(name)) {
    throw badParameter(
      `UPLOAD names a table '${name}'; expected a letter, then up to 62 letters, digits and underscores`,
    );
  }
  if (!location.toLowerCase().startsWith('param:')) {
    return { name, mediaType: null, open: () => openUrl(location, hosts) };
  }
  const part = location.slice('param:'.length);
  const file = parameters.file(part);
  if (file === undefined) {
    throw badParameter(`UPLOAD names a part '${part}'; expected a file of this name in a multipart/form-data body`);
  }
  return { name, mediaType: file.mediaType, open: () => Promise.resolve(file.content.open()) };
}
