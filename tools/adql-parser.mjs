// Generates the parser of ADQL: libs/adql/grammar/adql.peggy -> parser.ts. `--check` fails when the result is outdated.
import { readFile, writeFile } from 'node:fs/promises';
import peggy from 'peggy';

const SOURCE = 'libs/adql/grammar/adql.peggy';
const RESULT = 'libs/adql/grammar/parser.ts';

const source = peggy.generate(await readFile(SOURCE, 'utf8'), { output: 'source', format: 'es' });
const text = `// @ts-nocheck\n${source}`;
if (!process.argv.includes('--check')) await writeFile(RESULT, text);
else if ((await readFile(RESULT, 'utf8')) !== text) {
  console.error(`${RESULT} is outdated: run \`npm run grammar\``);
  process.exit(1);
}
