import type { Qa2ReportFacts } from '../facts/qa-facts';
import { htmlText } from './html-text';
import { readImageStatements } from './measures';

const STATUS = /QA2 Status[ \t:]{0,10}\s{0,20}([A-Za-z_ -]{2,30})/;
const EXECUTIONS = /Execution count[ \t:]{0,10}\s{0,20}(\d{1,4}(?:\.\d{1,4})?) of (\d{1,4}(?:\.\d{1,4})?) expected/;
const OTHERS = /Other SBs in this Group OUS[^\n]{0,100}?:([^\n]{0,20000})/;
const UID = /uid:\/\/A[0-9a-f]{3,8}\/X[0-9a-f]{1,16}\/X[0-9a-f]{1,16}/gi;
const IMAGE = /Image name[ \t]{0,10}:/;
const ROBUST = /Robust[ \t]{0,5}=[ \t]{0,5}(-?\d{1,2}(?:\.\d{1,4})?)/;
const MOST_IMAGES = 500;
const LONGEST_IMAGE = 4000;
const MOST_MEMBERS = 1000;

/** Reads the `qa2_report.html` of later cycles (alma-facts §3). */
export function readQa2Report(html: string): Qa2ReportFacts {
  const text = htmlText(html);
  const executions = EXECUTIONS.exec(text);
  return {
    status: STATUS.exec(text)?.[1]?.trim() ?? null,
    executions: executions ? { done: Number(executions[1]), expected: Number(executions[2]) } : null,
    images: text
      .split(IMAGE)
      .slice(1, MOST_IMAGES + 1)
      .map(imageOf),
    otherMembers: [...(OTHERS.exec(text)?.[1] ?? '').matchAll(UID)].map(([uid]) => uid).slice(0, MOST_MEMBERS),
  };
}

function imageOf(section: string): Qa2ReportFacts['images'][number] {
  const [name = '', ...lines] = section.slice(0, LONGEST_IMAGE).trim().split('\n');
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
