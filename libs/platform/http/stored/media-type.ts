/** By the ending of the name, lower case. What a delivery is known to hold (§3), and nothing guessed from content. */
const TYPES: Readonly<Record<string, string>> = {
  fits: 'application/fits',
  tar: 'application/x-tar',
  tgz: 'application/gzip',
  gz: 'application/gzip',
  pdf: 'application/pdf',
  json: 'application/json',
  xml: 'application/xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  csv: 'text/csv',
  txt: 'text/plain',
  log: 'text/plain',
  py: 'text/plain',
  readme: 'text/plain',
};

/** The media type of a file by its name; bytes that nothing is known about are `application/octet-stream`. */
export function mediaTypeOf(fileName: string): string {
  const ending = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined) ?? 'application/octet-stream';
}
