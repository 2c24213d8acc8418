import 'reflect-metadata';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApiDocument } from '@almagest/contracts';
import { describeService } from '@almagest/platform';
import { SERVICE_DEFINITIONS } from './schemas';

const DOCS = join(__dirname, '..', '..', 'docs');

/** Writes docs/openapi/<service>.json and docs/asyncapi.json from the code; `--check` fails when they differ. */
async function main(check: boolean): Promise<void> {
  const documents: [string, unknown][] = [['asyncapi.json', asyncApiDocument()]];
  for (const definition of SERVICE_DEFINITIONS) {
    documents.push([join('openapi', `${definition.name}.json`), await describeService(definition)]);
  }
  mkdirSync(join(DOCS, 'openapi'), { recursive: true });
  for (const [name, document] of documents) {
    const path = join(DOCS, name);
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (!check) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) {
      process.stderr.write(`docs/${name} is not what the code says: run "npm run docs"\n`);
      process.exitCode = 1;
    }
  }
}

void main(process.argv.includes('--check'));
