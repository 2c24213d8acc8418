// Assembles the pixel loops: libs/fits/image/pixel-kernel.wat -> pixel-kernel.wasm.ts. `--check` fails when the result
// is outdated.
import { readFile, writeFile } from 'node:fs/promises';
import wabt from 'wabt';

const SOURCE = 'libs/fits/image/pixel-kernel.wat';
const RESULT = 'libs/fits/image/pixel-kernel.wasm.ts';

const { parseWat } = await wabt();
const { buffer } = parseWat(SOURCE, await readFile(SOURCE, 'utf8')).toBinary({});
const encoded = Buffer.from(buffer).toString('base64');
const lines = encoded.match(/.{1,110}/g).map((line) => `  '${line}',`);
const text = `/** pixel-kernel.wat, assembled by \`npm run kernel\`: WebAssembly in base64. */
export const PIXEL_KERNEL = [
${lines.join('\n')}
].join('');
`;
if (!process.argv.includes('--check')) await writeFile(RESULT, text);
else if ((await readFile(RESULT, 'utf8')) !== text) {
  console.error(`${RESULT} is outdated: run \`npm run kernel\``);
  process.exit(1);
}
