import { toFileForm, type Uid, UID_IN_FILE_NAME } from '@almagest/ous';
import type { PprFacts } from '../facts/file-facts';
import { factsOf, type Inventory } from '../inventory/inventory';
import type { Violation } from './rule';

const UID_IN_NAME = new RegExp(`^PPR_(${UID_IN_FILE_NAME})\\.xml$`);

/**
 * Yields where a PPR contradicts the delivery or itself: its `RelativePath`
 * (`<project>/SOUS_<uid>/GOUS_<uid>/MOUS_<uid>/SBS_<uid>`), the status of its scheduling block, which its file name may
 * have instead of the MemberOUS, and the ObsProject, which all PPRs of a delivery have in common.
 */
export function* pprReferences(inventory: Inventory): Iterable<Violation> {
  const requests = factsOf(inventory, 'ppr');
  const project = requests.map(({ facts }) => facts.obsProject).find((uid) => uid) ?? null;
  for (const { file, facts } of requests) {
    for (const { what, expected, found } of differences(inventory, facts)) {
      yield { file: file.path, message: `the RelativePath of the PPR has another ${what}`, expected, found };
    }
    const named = UID_IN_NAME.exec(file.path.slice(file.path.lastIndexOf('/') + 1))?.[1];
    const known = [facts.schedulingBlockStatus, facts.memberOus, inventory.identity.member].flatMap((uid) =>
      uid ? [fileForm(uid)] : [],
    );
    if (named !== undefined && facts.schedulingBlockStatus && !known.includes(named)) {
      const message = 'the name of the PPR contains neither its scheduling block status nor its MemberOUS';
      yield { file: file.path, message, expected: [...new Set(known)].join(' or '), found: named };
    }
    const obsProject = facts.obsProject ?? null;
    if (obsProject !== null && obsProject !== project) {
      yield { file: file.path, message: 'the PPRs name different ObsProjects', expected: project, found: obsProject };
    }
  }
}

interface Difference {
  what: string;
  expected: string;
  found: string;
}

function differences({ identity }: Inventory, { relativePath, schedulingBlockStatus }: PprFacts): Difference[] {
  const [code = '', ...names] = (relativePath ?? '').split('/').filter((name) => name !== '');
  const expectedUids: [prefix: string, what: string, uid: string | null][] = [
    ['SOUS_', 'science goal', formOf(identity.scienceGoal)],
    ['GOUS_', 'GroupOUS', formOf(identity.group)],
    ['MOUS_', 'MemberOUS', formOf(identity.member)],
    ['SBS_', 'scheduling block status', schedulingBlockStatus ? fileForm(schedulingBlockStatus) : null],
  ];
  const ofTree = expectedUids.flatMap(([prefix, what, uid]) => {
    const found = names.find((name) => name.startsWith(prefix));
    const expected = `${prefix}${uid}`;
    return uid === null || found === undefined || found === expected ? [] : [{ what, expected, found }];
  });
  const { project } = identity;
  const isOther = project !== null && code !== '' && code !== project;
  return isOther ? [{ what: 'project', expected: project, found: code }, ...ofTree] : ofTree;
}

function formOf(uid: Uid | null): string | null {
  return uid === null ? null : toFileForm(uid);
}

/** `uid://A001/X1/Xc4` -> `uid___A001_X1_Xc4`, also for what is no uid. */
function fileForm(text: string): string {
  return text.trim().replaceAll(/[:/]/g, '_');
}
