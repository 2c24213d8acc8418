// Validates the OpenAPI and AsyncAPI documents in docs/ with the validators that their readers use.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import { Parser } from '@asyncapi/parser';

const OPEN_API = join('docs', 'openapi');
/** The severity of a fault in AsyncAPI diagnostics; higher ones are advice. */
const ERROR = 0;

const faults = [];
const documents = readdirSync(OPEN_API).filter((name) => name.endsWith('.json'));
for (const name of documents) {
  const path = join(OPEN_API, name);
  await SwaggerParser.validate(JSON.parse(readFileSync(path, 'utf8'))).catch((error) => {
    faults.push(`${path}: ${error.message}`);
  });
}
const asyncApi = join('docs', 'asyncapi.json');
const { diagnostics } = await new Parser().parse(readFileSync(asyncApi, 'utf8'));
for (const { severity, path, message } of diagnostics) {
  if (severity === ERROR) faults.push(`${asyncApi}: /${path.join('/')}: ${message}`);
}
if (documents.length === 0) faults.push(`${OPEN_API} has no document`);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`${documents.length} OpenAPI documents and ${asyncApi} are valid.`);
