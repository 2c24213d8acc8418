import { z } from 'zod';

/** One thing wrong with a document: where (an RFC 6901 JSON pointer) and what was expected. */
export const violationSchema = z.object({ pointer: z.string(), message: z.string() });
export type Violation = z.infer<typeof violationSchema>;

/** How many violations one answer lists; a hostile document could otherwise make an answer of any length. */
const MOST = 200;

/** The violations of a failed parse; an unknown field is named by its own pointer. */
export function violationsOf(error: z.ZodError): Violation[] {
  return error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), message: 'unknown field' }))
        : [{ pointer: pointer(issue.path), message: issue.message }],
    )
    .slice(0, MOST);
}

/** `['parts', 0, 'size']` -> `/parts/0/size`, escaped as RFC 6901 wants it. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
