import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mustache from 'mustache';
import { folded } from './layout';

const TEMPLATES = ['delivered', 'replaced', 'withdrawn', 'rejected', 'raw-data'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** What several mails have in common, by form. */
const PARTIALS = { txt: ['delivery'], html: ['style', 'head', 'foot', 'delivery'] } as const;
type Form = keyof typeof PARTIALS;

/** Read at start, so that a template that is missing keeps the service from starting, not a mail from being written. */
function read(form: Form, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(__dirname, `${name}.${form}.mustache`), 'utf8')]),
  );
}

const sources = { txt: read('txt', TEMPLATES), html: read('html', TEMPLATES) };
const partials = { txt: read('txt', PARTIALS.txt), html: read('html', PARTIALS.html) };

/** The two forms of a mail: text with its paragraphs folded, HTML with everything in it escaped. */
export function renderBoth(name: TemplateName, view: object): { text: string; html: string } {
  const text = mustache.render(sources.txt[name] ?? '', view, partials.txt, { escape: String });
  return { text: withFoldedParagraphs(text), html: mustache.render(sources.html[name] ?? '', view, partials.html) };
}

/** Folds the paragraphs of a text. An indented line, such as a command, stays as it is. */
function withFoldedParagraphs(text: string): string {
  const lines = text.split('\n').map((line) => (line.startsWith(' ') ? line : folded(line)));
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}
