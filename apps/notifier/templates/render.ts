import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ous } from '@almagest/contracts';
import { ousDirectoryName } from '@almagest/ous';
import { textWidth, wrap } from '@almagest/text';
import mustache from 'mustache';

/** A mail as it is sent: its text and its HTML say the same. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export const HELPDESK =
  'If you have any problems with your ALMA data, please contact the ALMA helpdesk at https://help.almascience.org/';

/**
 * The document that mails cite as §. The address is the one in its §7, under the observatory's own name, which leads to
 * the nearest of its portals (docs/standard).
 */
export const GOVERNING_DOCUMENT = {
  title: 'ALMA QA2 Data Products for Cycle 2',
  url: 'https://almascience.org/documents-and-tools',
};

const TEMPLATES = ['delivered', 'replaced', 'withdrawn', 'rejected', 'raw-data'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** Templates that several mails include, by form. */
const PARTIALS = { txt: ['delivery', 'sections'], html: ['style', 'head', 'foot', 'delivery', 'sections'] } as const;
type Form = keyof typeof PARTIALS;

/** Columns of a text mail. */
const WIDTH = 78;

/** Reads templates when the service starts: a missing template stops the start, not a mail. */
function read(form: Form, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(__dirname, `${name}.${form}.mustache`), 'utf8')]),
  );
}

const sources = { txt: read('txt', TEMPLATES), html: read('html', TEMPLATES) };
const partials = { txt: read('txt', PARTIALS.txt), html: read('html', PARTIALS.html) };

/** Renders both forms of a mail: the text with folded paragraphs, the HTML with every value escaped. */
export function renderBoth(name: TemplateName, facts: object): { text: string; html: string } {
  const view = { ...facts, document: GOVERNING_DOCUMENT };
  const text = mustache.render(sources.txt[name] ?? '', view, partials.txt, { escape: String });
  return { text: withFoldedParagraphs(text), html: mustache.render(sources.html[name] ?? '', view, partials.html) };
}

/** Folds the paragraphs of a text. An indented line, such as a command, stays as it is. */
function withFoldedParagraphs(text: string): string {
  const lines = text.split('\n').map((line) => (line.startsWith(' ') ? line : folded(line)));
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}

/** Folds a paragraph of a text mail, with `indent` before each line. A line that fits stays as it is. */
export function folded(paragraph: string, indent = ''): string {
  const width = WIDTH - indent.length;
  const lines = textWidth(paragraph) <= width ? [paragraph] : wrap(paragraph, width);
  return lines.map((line) => `${indent}${line}`).join('\n');
}

export function levelName(level: 'member' | 'group'): string {
  return level === 'group' ? 'GroupOUS' : 'MemberOUS';
}

/** Formats a date as `2014-12-05`. */
export function dayOf(instant: string | Date): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The array and the scheduling block that identify a MemberOUS to its PI; null for a GroupOUS. */
export function memberOf(unit: Ous): { member: boolean; array: string | null; sb: string | null } {
  if (unit.level === 'group') return { member: false, array: null, sb: null };
  return { member: true, array: unit.array, sb: unit.schedulingBlock?.name ?? null };
}

/** The directory of an ObsUnitSet in the tree of §3. */
export function treeOf(project: string, unit: Ous): string {
  return [
    project,
    ousDirectoryName('science-goal', unit.scienceGoal),
    ousDirectoryName('group', unit.level === 'member' ? unit.group : unit.uid),
    ...(unit.level === 'member' ? [ousDirectoryName('member', unit.uid)] : []),
  ].join('/');
}
