/** A line with lines below it. */
export interface Branch {
  text: string;
  below: readonly Branch[];
}

/** Lines of a tree drawn as the document draws its directories (§3). */
export function tree({ text, below }: Branch): string[] {
  return [
    text,
    ...below.flatMap((branch, index) => {
      const last = index === below.length - 1;
      const [first = '', ...rest] = tree(branch);
      return [`${last ? '`-- ' : '|-- '}${first}`, ...rest.map((line) => `${last ? '    ' : '|   '}${line}`)];
    }),
  ];
}
