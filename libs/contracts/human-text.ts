import { unsafeCharacter } from '@almagest/text';
import { z } from 'zod';

/** Returns the schema of one line of text for people: no control characters, and none that hide or reorder others. */
export function textUpTo(characters: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(characters)
    .regex(/^[^\p{Cc}]*$/u, { abort: true, error: 'control characters are not allowed' })
    .refine((text) => unsafeCharacter(text) === null, {
      error: ({ input }) => `the invisible character ${unsafeCharacter(String(input))} is not allowed`,
    });
}

/** Returns the schema of text for people that may have several paragraphs: line feeds are allowed. */
export function paragraphsUpTo(characters: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(characters)
    .regex(/^(?:[^\p{Cc}]|\n)*$/u, { abort: true, error: 'control characters other than line feeds are not allowed' })
    .refine((text) => unsafeCharacter(text.replaceAll('\n', ' ')) === null, {
      error: ({ input }) =>
        `the invisible character ${unsafeCharacter(String(input).replaceAll('\n', ' '))} is not allowed`,
    });
}

/** One line of text for people. */
export const humanText = textUpTo(200);
