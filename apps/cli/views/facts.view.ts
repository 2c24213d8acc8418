import type { Colours } from '../output/terminal';

/** Formats labels with their values, one a line. */
export function facts(lines: readonly (readonly [label: string, text: string])[], colours: Colours): string[] {
  const width = Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, text]) => `  ${colours.dim(label.padEnd(width))}  ${text}`);
}
