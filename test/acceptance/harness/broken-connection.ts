/**
 * Returns true for the error of `fetch` when a connection fails or breaks. Its TypeError is of a different realm, so
 * `instanceof` does not match.
 */
export function isBrokenConnection(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';
}
