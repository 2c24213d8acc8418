/**
 * The values of a keyword argument in Python text: a string, or the strings of a list. `vis='a'` -> `['a']`,
 * `gaintable=['a', 'b']` -> `['a', 'b']`. Nothing is run; a string holds no escaped quote in what CASA writes. A list
 * is read once, so the time taken grows with the length of the text only.
 */
export function stringArguments(text: string, keyword: string): string[] {
  const argument = new RegExp(`\\b${keyword}\\s{0,10}=\\s{0,10}(?:(['"])([^'"\\n]{0,1000})\\1|\\[)`, 'g');
  const values: string[] = [];
  for (let match = argument.exec(text); match; match = argument.exec(text)) {
    if (match[2] !== undefined) {
      values.push(match[2]);
      continue;
    }
    const end = text.indexOf(']', argument.lastIndex);
    if (end < 0) break;
    for (const [, , value = ''] of text.slice(argument.lastIndex, end).matchAll(/(['"])([^'"\n]{0,1000})\1/g)) {
      values.push(value);
    }
    argument.lastIndex = end;
  }
  return values;
}
