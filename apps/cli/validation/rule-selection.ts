import { type Rule, rules } from '@almagest/delivery';

/** Returns the rule with a code (`script.pi`) or the rules of a family (`script`). */
export function rulesNamed(name: string): readonly Rule[] {
  return rules.filter(({ code }) => code === name || familyOf(code) === name);
}

/** `script.pi` -> `script` */
export function familyOf(code: string): string {
  return code.split('.')[0] ?? code;
}

/** The families, in the order of the rules. */
export function families(): string[] {
  return [...new Set(rules.map(({ code }) => familyOf(code)))];
}

/** Rules whose code contains a word of the name, to suggest after a mistyped name. */
export function similarRules(name: string): readonly Rule[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  return rules.filter(({ code }) => words.some((word) => code.includes(word)));
}
