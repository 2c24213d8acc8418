import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mustache from 'mustache';
import { wrap } from './layout';

const TEMPLATES = ['delivered', 'rejected', 'withdrawn'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** Read at start, so that a template that is missing keeps the service from starting, not a mail from being written. */
const sources = new Map(
  TEMPLATES.flatMap((name) =>
    ['txt', 'html'].map((form) => {
      const file = `${name}.${form}.mustache`;
      return [file, readFileSync(join(__dirname, file), 'utf8')] as const;
    }),
  ),
);

const partials = { style: readFileSync(join(__dirname, 'style.html.mustache'), 'utf8') };

/** The two forms of a mail: text with its paragraphs folded, HTML with everything in it escaped. */
export function renderBoth(name: TemplateName, view: object): { text: string; html: string } {
  const text = mustache.render(sources.get(`${name}.txt.mustache`) ?? '', view, {}, { escape: String });
  return { text: folded(text), html: mustache.render(sources.get(`${name}.html.mustache`) ?? '', view, partials) };
}

/** Folds the paragraphs of a text; what is indented, such as a command, stays as it is. */
function folded(text: string): string {
  const lines = text.split('\n').map((line) => (line.startsWith(' ') ? line : wrap(line)));
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}
