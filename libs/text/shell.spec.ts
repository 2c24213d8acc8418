import { execFileSync } from 'node:child_process';
import { shellQuote, shellWord } from './shell';

const NASTY = [
  ...[
    `a'b`,
    `$(touch x)`,
    '`touch x`',
    `"; touch x; "`,
    'a\nb',
    '$HOME',
    String.raw`\\'\\`,
    '-rf',
    '*',
    '',
    'two words',
  ],
  ...['https://a/deliveries/1?link=L.a.b.k1&x=1', '~', '#', 'a!b', 'Größe', 'uid://A001/X1/Xa3', '/plain/path.tar'],
];

describe.each([
  ['shellQuote', shellQuote],
  ['shellWord', shellWord],
])('%s', (_name, quote) => {
  it.each(NASTY)('writes %j so that the shell leaves it unchanged', (word) => {
    expect(execFileSync('sh', ['-c', `printf '%s' ${quote(word)}`]).toString()).toBe(word);
  });
});

it('shellWord leaves a plain word as it is', () => {
  for (const word of ['uid://A001/X1/Xa3', '--into', '/plain/path.tar', '5f0c1234-1111']) {
    expect(shellWord(word)).toBe(word);
  }
});
