import { type Rule, rules } from '@almagest/delivery';

/** Rules by a code (`script.pi`) or by the family before its first point (`script`). */
export function rulesNamed(name: string): readonly Rule[] {
  return rules.filter(({ code }) => code === name || familyOf(code) === name);
}

/** `script.pi` -> `script` */
export function familyOf(code: string): string {
  return code.split('.')[0] ?? code;
}

/** The families in the order of the rules. */
export function families(): string[] {
  return [...new Set(rules.map(({ code }) => familyOf(code)))];
}

/** Rules whose code holds the name or a word of it: what somebody may have meant. */
export function rulesLike(name: string): readonly Rule[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  return rules.filter(({ code }) => words.some((word) => code.includes(word)));
}
