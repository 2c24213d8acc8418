/**
 * True for what `fetch` throws when nobody answers, or no more. Its TypeError comes from outside of jest's realm, so
 * `instanceof` does not know it.
 */
export function isBrokenConnection(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';
}
