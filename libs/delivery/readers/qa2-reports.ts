import { UID_IN_FILE_NAME as UID } from '@almagest/ous';
import type { Qa2ReportFacts, Qa2TextFacts } from '../facts/file-facts';
import { readImageStatements } from './measures';

const TITLE = new RegExp(`QA2 report of (${UID})\\b`);
const MEASUREMENT_SET = new RegExp(`MeasurementSet Name:[^\\n]{0,400}?(${UID})\\.ms\\b`);
const CASA = /\bCASA(?: version)?[ :]{1,3}(\d{1,2}\.\d{1,2}\.\d{1,2}[-\w.]{0,20})/i;
const CHECK = /Check of a target image and sensitivity/i;
/** The check has only a few lines. */
const MAX_CHECK_LENGTH = 4000;

/** Reads `<eb>__textfile.txt` (§4.5): its execution block, and its check of the target image. */
export function readQa2Text(text: string): Qa2TextFacts {
  const check = CHECK.exec(text);
  const body = check ? text.slice(check.index + check[0].length).slice(0, MAX_CHECK_LENGTH) : '';
  const statements = readImageStatements(body);
  const beam = statements.find((statement) => statement.beam !== null)?.beam ?? null;
  const noise = statements.find((statement) => statement.noise !== null)?.noise ?? null;
  return {
    executionBlock: TITLE.exec(text)?.[1] ?? MEASUREMENT_SET.exec(text)?.[1] ?? null,
    casaVersion: CASA.exec(text)?.[1] ?? null,
    check: beam || noise ? { about: null, beam, noise } : null,
  };
}

const STATUS = /QA2 Status[ \t:]{0,10}\s{0,20}([A-Za-z_ -]{2,30})/;
const EXECUTIONS = /Execution count[ \t:]{0,10}\s{0,20}(\d{1,4}(?:\.\d{1,4})?) of (\d{1,4}(?:\.\d{1,4})?) expected/;
const OTHERS = /Other SBs in this Group OUS[^\n]{0,100}?:([^\n]{0,20000})/;
const UID_IN_TEXT = /uid:\/\/A[0-9a-f]{3,8}\/X[0-9a-f]{1,16}\/X[0-9a-f]{1,16}/gi;
const IMAGE = /Image name[ \t]{0,10}:/;
const ROBUST = /Robust[ \t]{0,5}=[ \t]{0,5}(-?\d{1,2}(?:\.\d{1,4})?)/;
const MAX_IMAGES = 500;
const MAX_IMAGE_LENGTH = 4000;
const MAX_MEMBERS = 1000;

/** Reads the `qa2_report.html` of later cycles (docs/standard/real-deliveries.md §3). */
export function readQa2Report(html: string): Qa2ReportFacts {
  const text = htmlText(html);
  const executions = EXECUTIONS.exec(text);
  return {
    status: STATUS.exec(text)?.[1]?.trim() ?? null,
    executions: executions ? { done: Number(executions[1]), expected: Number(executions[2]) } : null,
    images: text
      .split(IMAGE)
      .slice(1, MAX_IMAGES + 1)
      .map(imageOf),
    otherMembers: [...(OTHERS.exec(text)?.[1] ?? '').matchAll(UID_IN_TEXT)].map(([uid]) => uid).slice(0, MAX_MEMBERS),
  };
}

function imageOf(section: string): Qa2ReportFacts['images'][number] {
  const [name = '', ...lines] = section.slice(0, MAX_IMAGE_LENGTH).trim().split('\n');
  const body = lines.join('\n');
  const statements = readImageStatements(body);
  const robust = ROBUST.exec(body);
  return {
    name: name.trim().slice(0, 300),
    robust: robust ? Number(robust[1]) : null,
    about: null,
    beam: statements.find((statement) => statement.beam !== null)?.beam ?? null,
    noise: statements.find((statement) => statement.noise !== null)?.noise ?? null,
  };
}

const BLOCK_END = /<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/table|\/td|\/th)\b[^<>]{0,200}>/gi;
const HIDDEN = ['script', 'style'] as const;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  micro: '\u00b5',
  deg: '\u00b0',
  times: '\u00d7',
};

/** Returns the visible text of an HTML page, one line for each block element. Runs and fetches nothing. */
export function htmlText(html: string): string {
  return HIDDEN.reduce(withoutElement, html)
    .replace(BLOCK_END, '\n')
    .replace(/<[^<>]{0,2000}>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,8}));/gi, entity);
}

/** Searches forward only, so that unclosed elements need only one pass. */
function withoutElement(html: string, name: string): string {
  const lower = html.toLowerCase();
  let kept = '';
  let at = 0;
  for (;;) {
    const open = lower.indexOf(`<${name}`, at);
    const close = open < 0 ? -1 : lower.indexOf(`</${name}`, open);
    if (close < 0) return kept + html.slice(at);
    kept += html.slice(at, open);
    at = close;
  }
}

function entity(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
