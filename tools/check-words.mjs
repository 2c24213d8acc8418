// Finds the words that CONTRIBUTING.md lists under "Words", in the files given or in all that git tracks.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const GUIDE = 'CONTRIBUTING.md';
const TEXT = /\.(?:ts|mjs|cjs|md|mustache|ya?ml|sh|py)$|Dockerfile$|\.env\.example$/;
const NOT_OURS = /^(?:CODE_OF_CONDUCT\.md|migrations\/)/;

const [, table] = /^## Words$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(readFileSync(GUIDE, 'utf8')) ?? [];
const rules = (table ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:instead of|-)/.test(line))
  .flatMap((line) => {
    const [, words, better] = line.split('|').map((cell) => cell.trim());
    return words.split(', ').map((word) => ({ word, better, pattern: patternOf(word) }));
  });
if (rules.length === 0) throw new Error(`${GUIDE} has no table under "Words"`);

const given = process.argv.slice(2);
const tracked = execFileSync('git', ['ls-files', ...given], { encoding: 'utf8' }).split('\n');
const files = tracked.filter((file) => TEXT.test(file) && !NOT_OURS.test(file) && existsSync(file));
let found = 0;
for (const file of files) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const guide = file === GUIDE ? lines.indexOf('## Words') : -1;
  for (const [index, line] of lines.entries()) {
    if (guide >= 0 && index > guide && line.startsWith('| ')) continue;
    for (const { word, better, pattern } of rules) {
      if (!pattern.test(line)) continue;
      found += 1;
      console.log(`${file}:${index + 1}: "${word}": write "${better}"`);
    }
  }
}
if (files.length === 0) throw new Error('no file was read');
console.log(`${found} of the words to avoid in ${files.length} files.`);
process.exitCode = found > 0 ? 1 : 0;

/** Matches whole words, in any case; `...` is one to four words, `*` any ending. */
function patternOf(word) {
  const source = word
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('\\*', '\\w*')
    .replaceAll(' \\.\\.\\. ', '(?: \\S+){1,4} ')
    .replaceAll(' ', '\\s+');
  return new RegExp(`(?<![\\w-])${source}(?![\\w-])`, 'i');
}
