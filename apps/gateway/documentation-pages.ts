import type { asyncApiDocument } from '@almagest/contracts';

type AsyncApi = ReturnType<typeof asyncApiDocument>;

const STYLE = `body{font-family:sans-serif;max-width:72rem;margin:1rem auto;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse}td,th{border:1px solid #8888;padding:.3rem .6rem;text-align:left;vertical-align:top}
pre{overflow:auto;max-height:30rem;border:1px solid #8888;padding:.6rem}`;

/** Returns an HTML document. `head` and `body` are HTML. */
export function page(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

/** Returns the page about the events of the bus: each topic, its messages, who sends and receives them, their schemas. */
export function eventsPage({ info, channels, operations, components }: AsyncApi): string {
  const topics = Object.entries(channels).map(([topic, { messages }]) => {
    const events = Object.keys(messages).map((name) => messageSection(name, components.messages[name], operations));
    return `<h2 id="${escaped(topic)}"><code>${escaped(topic)}</code></h2>\n${events.join('\n')}`;
  });
  const contents = Object.keys(channels).map((topic) => `<li><a href="#${escaped(topic)}">${escaped(topic)}</a></li>`);
  const schemas = Object.entries(components.schemas).map(([name, schema]) => schemaBlock(name, schema));
  return page(
    info.title,
    `<style>${STYLE}</style>`,
    `<h1>${escaped(info.title)}</h1>
<p><a href="/asyncapi.json">asyncapi.json</a> | <a href="/docs">routes</a></p>
<p>${escaped(info.description)}</p>
<ul>
${contents.join('\n')}
</ul>
${topics.join('\n')}
<h2>Schemas</h2>
${schemas.join('\n')}`,
  );
}

function messageSection(
  name: string,
  message: AsyncApi['components']['messages'][string] | undefined,
  operations: AsyncApi['operations'],
): string {
  if (message === undefined) throw new Error(`the document has no message ${name}`);
  const who = (action: 'send' | 'receive'): string =>
    Object.keys(operations)
      .filter((operation) => operation.endsWith(`.${action}.${name}`))
      .map((operation) => operation.split('.')[0])
      .join(', ');
  return `<h3 id="${escaped(name)}">${escaped(name)}</h3>
<p>${escaped(message.summary)}</p>
<table>
<tr><th>type</th><td><code>${escaped(message.name)}</code></td></tr>
<tr><th>sent by</th><td>${escaped(who('send'))}</td></tr>
<tr><th>received by</th><td>${escaped(who('receive'))}</td></tr>
</table>
${schemaBlock('payload', message.payload)}`;
}

function schemaBlock(name: string, schema: unknown): string {
  return `<details><summary>${escaped(name)}</summary><pre>${escaped(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
