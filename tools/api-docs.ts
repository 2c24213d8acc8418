import 'reflect-metadata';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApiDocument } from '@almagest/contracts';
import { deliveryReportSchema, rules, rulesMarkdown } from '@almagest/delivery';
import { failIfIdle } from '@almagest/platform';
import { describeService } from '@almagest/service';
import { wrap } from '@almagest/text';
import type { OpenAPIObject } from '@nestjs/swagger';
import openapiTS, { astToString } from 'openapi-typescript';
import { z } from 'zod';
import { mergedOpenApi } from '../apps/gateway/gateway';
import { validationDocumentSchema } from '../apps/cli/validation/validation-document';
import { configurationMarkdown } from './configuration-docs';
import { SERVICE_DEFINITIONS } from './schemas';

const DOCS = join(__dirname, '..', '..', 'docs');
/** Columns of a line of Markdown. */
const WIDTH = 120;

/**
 * Generates reference documents in docs/ from the code: OpenAPI with the types of a client, AsyncAPI, the rules of the delivery standard, the
 * schemas of its report and of `almagest validate --json`, and the configuration. `--check` fails when they are outdated.
 */
async function main(check: boolean): Promise<void> {
  const documents: [string, string][] = [
    ['asyncapi.json', json(asyncApiDocument())],
    ['delivery-report.schema.json', json(z.toJSONSchema(deliveryReportSchema))],
    ['validation.schema.json', json(z.toJSONSchema(validationDocumentSchema))],
    ['rules.md', folded(rulesMarkdown(rules))],
    ['configuration.md', folded(configurationMarkdown())],
  ];
  const services: OpenAPIObject[] = [];
  for (const definition of SERVICE_DEFINITIONS) {
    const openApi = await describeService(definition);
    services.push(openApi);
    documents.push([join('openapi', `${definition.name}.json`), json(openApi)]);
  }
  const archive = json(mergedOpenApi(services));
  documents.push([join('openapi', 'archive.json'), archive], [join('openapi', 'archive.d.ts'), await typesOf(archive)]);
  mkdirSync(join(DOCS, 'openapi'), { recursive: true });
  for (const [name, text] of documents) {
    const path = join(DOCS, name);
    if (!check) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) {
      process.stderr.write(`docs/${name} is outdated: run "npm run docs"\n`);
      process.exitCode = 1;
    }
  }
}

/** Folds the paragraphs and list items of a document; tables stay as they are. */
function folded(markdown: string): string {
  return markdown
    .split('\n')
    .flatMap((line) => {
      if (line.length <= WIDTH || line.startsWith('|')) return [line];
      const indent = line.startsWith('- ') ? '  ' : '';
      return wrap(line, WIDTH - indent.length).map((part, index) => (index === 0 ? part : indent + part));
    })
    .join('\n');
}

/** Returns the TypeScript types of an OpenAPI document, for a client such as openapi-fetch. */
async function typesOf(openApi: string): Promise<string> {
  return astToString(await openapiTS(openApi));
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

const release = failIfIdle('almagest docs: internal error: ended without a result', 70);
void main(process.argv.includes('--check')).then(release);
