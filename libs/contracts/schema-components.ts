import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/**
 * Returns the JSON Schema of a contract for an OpenAPI or AsyncAPI document: every schema with an id becomes a component,
 * and `$ref` names it as `#/components/schemas/<id>`. References into the schema itself would not resolve in the document.
 */
export function schemaWithComponents(
  contract: z.ZodType,
  target: 'openapi-3.0' | 'draft-7',
): { schema: JsonSchema; components: Record<string, JsonSchema> } {
  const document = JSON.stringify(z.toJSONSchema(contract, { target }));
  const { $schema: _dialect, $defs, definitions, ...schema } = JSON.parse(document, withComponentRef) as JsonSchema;
  return { schema, components: { ...($defs as object), ...(definitions as object) } };
}

function withComponentRef(key: string, value: unknown): unknown {
  if (key !== '$ref' || typeof value !== 'string') return value;
  return value.replace(/^#\/(\$defs|definitions)\//, '#/components/schemas/');
}
