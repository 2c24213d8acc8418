import type { AsdmList, RawAsdm, RawRequestStatus } from '@almagest/contracts';
import { count, humanSize, instant, printable } from '@almagest/text';
import type { AddressOptions } from '../archive/archive-address';
import { shortId } from '../archive/id-prefix';
import { suggestion } from '../archive/suggestion';
import { facts, table } from '../output/table';
import type { Colours } from '../output/terminal';

/** The raw ASDMs of a MemberOUS. */
export function asdmListView({ ous, totalSize, asdms }: AsdmList, colours: Colours): string[] {
  if (asdms.length === 0) return [`No raw data are known for ${ous}.`];
  const rows = asdms.map(({ uid, use, size, fileName }) => [uid, use, humanSize(size), fileName]);
  const [head = '', ...lines] = table(
    [{ title: 'EXECUTION BLOCK' }, { title: 'USE' }, { title: 'SIZE', align: 'right' }, { title: 'FILE' }],
    rows,
  );
  return [colours.dim(head), ...lines, `${count(asdms.length, 'ASDM')}, ${humanSize(totalSize)}`];
}

/** `staged  uid://A002/X1/Xb1  3.8 MB`, with the error of one that failed. */
export function asdmLine({ uid, state, size, error }: RawAsdm, colours: Colours): string {
  const word = state.padEnd(7);
  const shown = state === 'staged' ? colours.green(word) : state === 'failed' ? colours.red(word) : word;
  const line = `${shown}  ${uid}  ${humanSize(size)}`;
  if (error === null) return line;
  const detail =
    error.expected === null || error.found === null ? '' : `; expected ${error.expected}, found ${error.found}`;
  return `${line}  ${printable(`${error.message}${detail}`)} (${error.code})`;
}

/** A request with its ASDMs, and the command to run next. */
export function rawRequestView(request: RawRequestStatus, options: AddressOptions, colours: Colours): string[] {
  const { id, ous, project, state, totalSize, bytesDone, requestedAt, expiresAt, asdms } = request;
  const next: Partial<Record<RawRequestStatus['state'], string>> = {
    staged: `to fetch them, run: ${suggestion(['raw', 'fetch', id], options)}`,
    failed: `to retry what failed, run: ${suggestion(['raw', 'retry', id], options)}`,
  };
  const hint = next[state];
  return [
    colours.bold(`Request for raw data ${id}`),
    ...facts(
      [
        ['MemberOUS', ous],
        ['project', project],
        ['state', stateText(state, colours)],
        ['size', state === 'staging' ? `${humanSize(bytesDone)} of ${humanSize(totalSize)}` : humanSize(totalSize)],
        ['requested', instant(requestedAt)],
        ...(expiresAt === null ? [] : [['available', `until ${instant(expiresAt)}`] as const]),
      ],
      colours,
    ),
    '',
    ...asdms.map((asdm) => `  ${asdmLine(asdm, colours)}`),
    ...(hint === undefined ? [] : ['', hint]),
  ];
}

/** A table of requests. */
export function rawRequestTable(requests: readonly RawRequestStatus[], colours: Colours): string[] {
  const rows = requests.map(({ id, project, ous, asdms, totalSize, state, requestedAt }) => [
    shortId(id),
    project,
    ous,
    `${asdms.length}`,
    humanSize(totalSize),
    instant(requestedAt),
    stateText(state, colours),
  ]);
  const titles = ['ID', 'PROJECT', 'MEMBEROUS', 'ASDMS', 'SIZE', 'REQUESTED', 'STATE'];
  const [head = '', ...lines] = table(
    titles.map((title) => ({ title })),
    rows,
  );
  return [colours.dim(head), ...lines];
}

function stateText(state: RawRequestStatus['state'], colours: Colours): string {
  if (state === 'staged') return colours.green(state);
  return state === 'failed' ? colours.red(state) : state;
}
