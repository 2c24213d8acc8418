// Reads every query of a checkout of ivoa/lyonetia (GPL: none of it is copied here), and says which of them the parser
// decides otherwise: node test/engines/lyonetia.mjs CHECKOUT. Needs the built archive.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';

const require = createRequire(import.meta.url);
const { parse, AdqlError, isKnownFunction } = require('../../dist/libs/adql');

/** Queries that are decided otherwise on purpose: docs/users/adql.md explains each. */
const EXPLAINED = { ivoa: { valid: 0, invalid: 0 }, gavo: { valid: 3, invalid: 0 } };

const checkout = process.argv[2];
if (checkout === undefined) {
  console.error('usage: node test/engines/lyonetia.mjs CHECKOUT-OF-IVOA-LYONETIA');
  process.exit(2);
}

let failed = false;
for (const set of ['ivoa', 'gavo']) {
  const counts = { valid: [0, 0], invalid: [0, 0] };
  const folder = join(checkout, 'src/adql', set);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.xml'))) {
    const { queries, functions } = read(readFileSync(join(folder, file), 'utf8'));
    for (const { text, valid } of queries) {
      const count = counts[valid ? 'valid' : 'invalid'];
      count[1]++;
      const problem = problemOf(text, functions);
      if ((problem === undefined) === valid) count[0]++;
      else console.log(`${set}/${file}: ${text.trim()}\n    ${problem ?? 'is read as valid'}`);
    }
  }
  for (const [kind, [right, all]] of Object.entries(counts)) {
    console.log(`${set}: ${right} of ${all} ${kind} queries`);
    if (all === 0 || all - right > EXPLAINED[set][kind]) failed = true;
  }
}
process.exit(failed ? 1 : 0);

/** Returns the message for a query that is refused. A function is known here if the file declares it, or by prefix. */
function problemOf(text, declared) {
  try {
    const unknown = functionsOf(parse(text)).find(
      (name) => !isKnownFunction(name) && !declared.has(name) && !name.startsWith('IVO_'),
    );
    return unknown && `unknown function ${unknown}`;
  } catch (error) {
    if (error instanceof AdqlError) return error.message;
    throw error;
  }
}

function functionsOf(node) {
  if (node === null || typeof node !== 'object') return [];
  return [...(node.kind === 'call' ? [node.name] : []), ...Object.values(node).flatMap(functionsOf)];
}

function read(xml) {
  const queries = [];
  const functions = new Set();
  const parser = new SaxesParser();
  let current;
  let text = '';
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'adql') current = attributes;
    text = '';
  });
  parser.on('text', (more) => (text += more));
  parser.on('cdata', (more) => (text += more));
  parser.on('closetag', ({ name }) => {
    if (name === 'adql') queries.push({ text, valid: current.valid === 'true' });
    if (name === 'form') functions.add(text.split('(')[0].trim().toUpperCase());
  });
  parser.write(xml).close();
  return { queries, functions };
}
