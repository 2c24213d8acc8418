import type { Delivery, MemberFile } from '@almagest/contracts';
import { parseOusDirectory } from '@almagest/ous';
import { count, humanSize, instant, padEnd, printable } from '@almagest/text';
import { shortId } from '../archive/id-prefix';
import { facts } from '../output/table';
import type { Colours } from '../output/terminal';

/** A delivery and its parts. */
export function deliveryView(delivery: Delivery, colours: Colours): string[] {
  const { id, level, ous, alsoServes, project, revision, outcome, mode, bytes, files, releaseDate } = delivery;
  return [
    colours.bold(`Delivery ${id}`),
    ...facts(
      [
        [level === 'group' ? 'GroupOUS' : 'MemberOUS', ous],
        ...alsoServes.map((uid) => ['also serves', uid] as const),
        ['project', project],
        ['revision', `${revision}, ${outcome}`],
        ['mode', printable(mode)],
        ['state', stateText(delivery, colours)],
        ['catalogued', instant(delivery.cataloguedAt)],
        ['public', releaseDate === null ? 'not until the observatory releases it' : `from ${releaseDate}`],
        ['contents', `${count(files, 'file')} in ${count(delivery.partList.length, 'part')}, ${humanSize(bytes)}`],
        ...delivery.combines.map(
          ({ ous: member, delivery: combined }) => ['combines', `${member} (${shortId(combined)})`] as const,
        ),
      ],
      colours,
    ),
    '',
    ...delivery.partList.flatMap(({ name, size, sha256, url }) => [
      `${printable(name)}  ${humanSize(size)}`,
      `  ${colours.dim('SHA-256')} ${sha256}`,
      `  ${colours.dim(printable(url))}`,
    ]),
  ];
}

function stateText({ state, replacedAt, withdrawn }: Delivery, colours: Colours): string {
  if (withdrawn !== null) {
    return `${colours.red(state)} ${instant(withdrawn.at)}: revision ${withdrawn.revision} has QA2 outcome FAIL`;
  }
  return replacedAt === null ? state : `${state} ${instant(replacedAt)}`;
}

const SIZE = 11;
const ROLE = 22;

/** Formats files one a line, with a heading whenever the directory of the ObsUnitSet changes. */
export class FileLines {
  private root: string | null = null;

  constructor(private readonly colours: Colours) {}

  of({ path, size, item, role }: MemberFile): string[] {
    const { root, below } = splitPath(path);
    const heading = root === this.root ? [] : this.headingOf(root);
    this.root = root;
    const what = `${item ?? '-'}     ${padEnd(printable(role), ROLE)}`;
    return [...heading, `${humanSize(size).padStart(SIZE)}  ${this.colours.dim(what)}  ${printable(below)}`];
  }

  private headingOf(root: string): string[] {
    const titles = `${'SIZE'.padStart(SIZE)}  ITEM  ${'ROLE'.padEnd(ROLE)}  FILE`;
    return ['', ...(root === '' ? [] : [printable(`${root}/`)]), this.colours.dim(titles)];
  }
}

/** Splits a path after the last directory of an ObsUnitSet (§3). */
export function splitPath(path: string): { root: string; below: string } {
  const steps = path.split('/');
  const last = steps.slice(0, -1).findLastIndex((step) => parseOusDirectory(step) !== null);
  return { root: steps.slice(0, last + 1).join('/'), below: steps.slice(last + 1).join('/') };
}
