// Checks that every installed dependency has a licence that Apache-2.0 software may ship.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
]);

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const shipped = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.dev);
const violations = shipped.flatMap(([path, entry]) => {
  const licence = entry.license ?? legacyLicence(path);
  const choices = licence.replaceAll(/[()]/g, '').split(/ OR /);
  const isPermissive = choices.some((choice) => choice.split(/ AND /).every((name) => PERMISSIVE.has(name)));
  return isPermissive ? [] : [`${path}: ${licence}`];
});
if (shipped.length === 0) violations.push('no package was checked');
if (violations.length > 0) {
  console.error(`Licences that are incompatible with Apache-2.0:\n  ${violations.join('\n  ')}`);
  process.exit(1);
}
console.log(`${shipped.length} shipped packages have permissive licences.`);

/** Reads `licenses: [{ type }]`, the form in packages from before 2013. */
function legacyLicence(path) {
  const { licenses = [] } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  return licenses.map(({ type }) => type).join(' OR ') || 'none';
}
