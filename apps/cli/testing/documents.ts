import type { Delivery, DeliveryReport, Finding, GroupOus, MemberOus, Qa2Status } from '@almagest/contracts';
import { parseUid } from '@almagest/ous';

export const ID = '5f0c1234-1111-4222-8333-444455556666';
export const GROUP = parseUid('uid://A001/X1/Xa2');
export const MEMBER = parseUid('uid://A001/X1/Xa3');
export const OTHER = parseUid('uid://A001/X1/Xa4');

const SCIENCE_GOAL = parseUid('uid://A001/X1/Xa1');

export function finding(change: Partial<Finding> = {}): Finding {
  return {
    code: 'script.pi',
    severity: 'reject',
    section: '§4.2',
    file: 'script/',
    message: 'The delivery has no scriptForPI.py.',
    expected: 'scriptForPI.py',
    found: null,
    remedy: 'Add the script.',
    ...change,
  };
}

export function report(findings: Finding[] = []): DeliveryReport {
  const of = (severity: Finding['severity']): number => findings.filter((one) => one.severity === severity).length;
  const document: Omit<DeliveryReport, 'facts'> = {
    version: 1,
    verdict: of('reject') > 0 ? 'rejected' : 'pass',
    level: 'member',
    mode: 'analyst',
    profile: { name: 'cycle-2', chosen: 'by files', reasons: [] },
    counts: { reject: of('reject'), warn: of('warn'), note: of('note') },
    findings,
    omitted: [],
    unchecked: [],
    items: [
      { item: 1, title: 'README', files: 1, bytes: 3_940 },
      { item: 7, title: 'Datasets (ASDM)', files: 0, bytes: 0 },
    ],
    files: 41,
    bytes: 7_157_760,
  };
  // No test shows the facts.
  return document as DeliveryReport;
}

export function status(change: Partial<Qa2Status> = {}): Qa2Status {
  return {
    id: ID,
    project: '2013.1.09999.S',
    group: GROUP,
    ous: MEMBER,
    alsoServes: [],
    level: 'member',
    revision: 1,
    outcome: 'PASS',
    state: 'accepted',
    settled: false,
    history: [{ state: 'accepted', at: '2014-12-05T08:50:00.000Z', detail: null }],
    report: null,
    delivery: null,
    ...change,
  };
}

export function member(change: Partial<MemberOus> = {}): MemberOus {
  return {
    level: 'member',
    uid: MEMBER,
    project: '2013.1.09999.S',
    scienceGoal: SCIENCE_GOAL,
    revision: 1,
    state: 'delivered',
    outcome: 'PASS',
    delivery: ID,
    group: GROUP,
    array: '12m',
    schedulingBlock: null,
    executionBlocks: [],
    ...change,
  };
}

export function group(change: Partial<GroupOus> = {}): GroupOus {
  return {
    level: 'group',
    uid: GROUP,
    project: '2013.1.09999.S',
    scienceGoal: SCIENCE_GOAL,
    revision: null,
    state: 'awaited',
    outcome: null,
    delivery: null,
    ready: false,
    remarks: [],
    readiness: [],
    members: [
      member(),
      member({ uid: OTHER, array: '7m', state: 'awaited', revision: null, outcome: null, delivery: null }),
    ],
    ...change,
  };
}

export function delivery(change: Partial<Delivery> = {}): Delivery {
  return {
    id: ID,
    project: '2013.1.09999.S',
    ous: MEMBER,
    alsoServes: [],
    level: 'member',
    revision: 1,
    state: 'current',
    outcome: 'PASS',
    mode: 'analyst',
    parts: 1,
    files: 41,
    bytes: 5_580_800,
    cataloguedAt: '2014-12-05T08:51:00.000Z',
    replacedAt: null,
    withdrawn: null,
    releaseDate: null,
    combines: [],
    partList: [
      { name: 'a_1_of_1.tar', size: 5_580_800, sha256: 'ab'.repeat(32), url: `/deliveries/${ID}/parts/a.tar` },
    ],
    ...change,
  };
}
