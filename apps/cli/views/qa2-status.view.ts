import type { AddressOptions } from '../archive/archive-address';
import { suggestion } from '../archive/suggestion';
import type { Step } from '@almagest/archive-client';
import type { Qa2State, Qa2Status } from '@almagest/contracts';
import { elapsed, instant, printable } from '@almagest/text';
import { shortId } from '../archive/id-prefix';
import { facts, table } from '../output/table';
import type { Colours } from '../output/terminal';
import { reportView } from './report.view';

const MEANING: Record<Qa2State, string> = {
  accepted: 'recorded; its files are fetched next',
  recorded: 'recorded; this outcome is not delivered',
  stored: 'every part is checked and stored',
  rejected: 'the delivery is rejected; nothing of it is visible',
  catalogued: 'in the catalogue, visible to its readers',
  superseded: 'a newer revision was catalogued first',
  notified: 'every recipient has been sent a mail',
  'mail-failed': 'a mail to a recipient failed',
  withdrawn: 'withdrawn by QA2; kept, but no longer served',
};

/** The state, in green or red if it is final. */
export function stateText(state: Qa2State, colours: Colours): string {
  if (state === 'rejected' || state === 'mail-failed' || state === 'withdrawn') return colours.red(state);
  return state === 'notified' ? colours.green(state) : state;
}

/** `  0.8 s  stored       every part is checked and stored`; the time is right-aligned to a column. */
export function stepLine(step: Step, since: string, colours: Colours, column = 7): string {
  const after = elapsed(Date.parse(step.at) - Date.parse(since)).padStart(column);
  return `${colours.dim(after)}  ${stepText(step, colours)}`;
}

/** What the archive does next with a result in this state. */
export function nextStep(state: Qa2State): string {
  if (state === 'accepted') return 'fetching, checking and storing the parts';
  return state === 'stored' ? 'cataloguing the delivery' : 'sending the mails';
}

/** A QA2 result with its history and the report of the delivery standard. */
export function statusView(status: Qa2Status, options: AddressOptions, colours: Colours, width: number): string[] {
  const { id, level, ous, alsoServes, project, group, revision, outcome, state, history, report, delivery } = status;
  return [
    `${colours.bold(`QA2 result ${id}`)}`,
    ...facts(
      [
        [level === 'group' ? 'GroupOUS' : 'MemberOUS', ous],
        ...alsoServes.map((uid) => ['also serves', uid] as const),
        ...(level === 'group' ? [] : [['group', group] as const]),
        ['project', project],
        ['revision', `${revision}`],
        ['QA2', outcome],
        ['state', `${stateText(state, colours)}${status.settled ? '' : ' (under way)'}`],
        ...(delivery === null ? [] : [['delivery', suggestion(['ls', id], options)] as const]),
      ],
      colours,
    ),
    '',
    ...history.map((step) => `  ${colours.dim(instant(step.at))}  ${stepText(step, colours)}`),
    ...(report === null ? [] : ['', ...reportView(report, colours, width)]),
  ];
}

/** A table of QA2 results. */
export function statusTable(results: readonly Qa2Status[], colours: Colours): string[] {
  const rows = results.map(({ id, project, ous, level, revision, outcome, state }) => [
    shortId(id),
    project,
    level,
    ous,
    `${revision}`,
    outcome,
    stateText(state, colours),
  ]);
  const titles = ['ID', 'PROJECT', 'LEVEL', 'OBSUNITSET', 'REV', 'QA2', 'STATE'];
  const [head = '', ...lines] = table(
    titles.map((title) => ({ title })),
    rows,
  );
  return [colours.dim(head), ...lines];
}

function stepText({ state, detail }: Step, colours: Colours): string {
  const padding = ' '.repeat(Math.max(0, 11 - state.length));
  return `${stateText(state, colours)}${padding}  ${detail === null ? MEANING[state] : printable(detail)}`;
}
