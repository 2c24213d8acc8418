import { z } from 'zod';

/** One fault of a document: its place (an RFC 6901 JSON pointer) and what was expected. */
export const violationSchema = z.object({ pointer: z.string(), message: z.string() });
export type Violation = z.infer<typeof violationSchema>;

/** The most violations in one answer; a hostile document could otherwise cause an answer of any length. */
const MAX_VIOLATIONS = 200;

/** Returns the violations of a failed `parseInput`; each unknown field has a pointer of its own. */
export function violationsOf(error: z.ZodError): Violation[] {
  return error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), message: 'unknown field' }))
        : [{ pointer: pointer(issue.path), message: issue.message }],
    )
    .slice(0, MAX_VIOLATIONS);
}

/** Describes the first 20 faults of a failed `parseInput` in one line: `/parts/0/size: is missing; /level: ...`. */
export function faultsOf(error: z.ZodError): string {
  const violations = violationsOf(error).slice(0, 20);
  return violations.map(({ pointer: place, message }) => `${place || '/'}: ${message}`).join('; ');
}

/** Returns a JSON pointer: `['parts', 0, 'size']` -> `/parts/0/size`, escaped as RFC 6901 requires. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
