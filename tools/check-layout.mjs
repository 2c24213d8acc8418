// Checks every import against the layout rules, and fails when it has checked too few modules.
import { createRequire } from 'node:module';
import { cruise, format } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const { options, forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const result = await cruise(['apps', 'libs'], { ...options, ruleSet: { forbidden }, validate: true }, undefined, {
  tsConfig: extractTsConfig(options.tsConfig.fileName),
});
const { modules, summary } = result.output;
const own = modules.filter(({ source }) => /^(apps|libs)\//.test(source));
const apps = new Set(own.map(({ source }) => source.split('/').slice(0, 2).join('/')));
process.stdout.write((await format(result.output, { outputType: 'err' })).output);
if (own.length < 100 || apps.size < 10) {
  console.error(`only ${own.length} modules in ${apps.size} folders were checked`);
  process.exit(1);
}
if (summary.error > 0) process.exit(1);
console.log(`${own.length} modules in ${apps.size} rooms follow the layout rules.`);
