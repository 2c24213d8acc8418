import type { DeliveryReport, MemberOus } from '@almagest/contracts';
import { DeliveryInspection } from '@almagest/delivery';
import { parseUid } from '@almagest/ous';
import type { DeliveredMail } from '../templates/delivered-sections';

export const PROJECT = '2013.1.09999.S';
export const GROUP = parseUid('uid://A001/X1/Xa2');
const GOAL = parseUid('uid://A001/X1/Xa1');
const MEMBERS = [parseUid('uid://A001/X1/Xa3'), parseUid('uid://A001/X1/Xa4')] as const;
const BLOCKS = [parseUid('uid://A002/X1/Xb1'), parseUid('uid://A002/X1/Xb2'), parseUid('uid://A002/X1/Xb3')] as const;
const ID = '5f0c1234-0000-4000-8000-000000000000';

type Facts = DeliveryReport['facts'];

/** Changes to the default: the first, proprietary delivery of an analyst-calibrated 12 m member. */
export interface Changes {
  delivery?: Partial<DeliveredMail['delivery']>;
  facts?: Partial<Facts>;
  readme?: Partial<NonNullable<Facts['readme']>> | null;
  uses?: readonly MemberOus['executionBlocks'][number]['use'][];
  states?: readonly MemberOus['state'][];
  level?: 'member' | 'group';
  replaces?: DeliveredMail['replaces'];
}

/** The input of `renderDelivered`. */
export async function deliveredMail(changes: Changes = {}): Promise<DeliveredMail> {
  const { delivery = {}, level = 'member', replaces = null } = changes;
  const [member, second] = MEMBERS;
  const ous = level === 'member' ? member : GROUP;
  const common = { project: PROJECT, scienceGoal: GOAL, revision: 1, outcome: 'PASS' as const, delivery: ID };
  const [state = 'delivered', next = 'awaited'] = changes.states ?? [];
  const blocks = (changes.uses ?? ['used', 'used']).map((use, index) => ({
    uid: BLOCKS[index] ?? BLOCKS[0],
    use,
    size: 3_800_000 * (index + 1),
    observation: null,
  }));
  const members: MemberOus[] = [
    {
      ...common,
      level: 'member',
      uid: member,
      group: GROUP,
      array: '12m',
      state,
      executionBlocks: blocks,
      schedulingBlock: { uid: parseUid('uid://A001/X1/Xc1'), name: 'NGC9999_a_06_TE' },
    },
    {
      ...common,
      level: 'member',
      uid: second,
      group: GROUP,
      array: '7m',
      state: next,
      executionBlocks: [],
      schedulingBlock: null,
      delivery: null,
    },
  ];
  const group: DeliveredMail['group'] = {
    ...common,
    level: 'group',
    uid: GROUP,
    state: 'awaited',
    ready: next === 'delivered',
    remarks: [],
    readiness: [],
    members,
  };
  return {
    recipient: 'Henrietta Leavitt',
    email: "o'leavitt@example.org",
    publicUrl: 'https://archive.example',
    now: new Date('2014-12-06T00:00:00Z'),
    delivery: {
      id: ID,
      project: PROJECT,
      ous,
      alsoServes: [],
      level,
      revision: 1,
      state: 'current',
      outcome: 'PASS',
      mode: 'analyst',
      parts: 1,
      files: 7,
      bytes: 5_580_800,
      cataloguedAt: '2014-12-05T09:00:00.000Z',
      replacedAt: null,
      withdrawn: null,
      releaseDate: '2015-12-05',
      combines: [],
      partList: [
        { name: `${PROJECT}_1_of_1.tar`, size: 5_580_800, sha256: 'ab'.repeat(32), url: '/deliveries/x/parts/y' },
      ],
      ...delivery,
    },
    report: await reportWith(changes),
    unit: level === 'member' ? (members[0] as MemberOus) : group,
    group,
    replaces,
    scriptForPI: level === 'member' ? `${PROJECT}/member/script/scriptForPI.py` : null,
    link: { token: 'L.abc.def.k1', expires: new Date('2015-03-05T00:00:00Z') },
  };
}

async function reportWith({ facts, readme }: Changes): Promise<DeliveryReport> {
  const posted = { project: PROJECT, level: 'member' as const, scienceGoal: GOAL, group: GROUP, ous: MEMBERS[0] };
  const report = await new DeliveryInspection({ posted: { ...posted, executionBlocks: [] } }).finish();
  const read: NonNullable<Facts['readme']> = {
    file: 'README',
    form: 'reducer',
    cycle: '2',
    projectCode: PROJECT,
    projectTitle: 'A <ring> & more',
    schedulingBlocks: [],
    configuration: null,
    proposedRmsJansky: 0.0018,
    proposedBeamArcsec: 0.8,
    casaVersion: '4.5.0',
    qa2Result: 'PASS',
    memberSchedulingBlocks: 2,
    achieved: [],
    deliveredAgain: null,
    ...readme,
  };
  return { ...report, facts: { ...report.facts, readme: readme === null ? null : read, ...facts } };
}
