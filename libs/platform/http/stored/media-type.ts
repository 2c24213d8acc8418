/** Media types by file extension, in lower case: the kinds of files in a delivery (§3). */
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

/** Returns the media type for a file name; `application/octet-stream` for an unknown extension. */
export function mediaTypeOf(fileName: string): string {
  const extension = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(TYPES, extension) ? TYPES[extension] : undefined) ?? 'application/octet-stream';
}
