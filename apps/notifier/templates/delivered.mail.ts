import { isReleased } from '@almagest/access';
import type { Delivery, GroupOus, MemberOus } from '@almagest/contracts';
import { count, humanSize } from '@almagest/text';
import { achievedImages, proposed } from './achieved';
import { type DeliveredMail, rawSection, replacedSection, restoreSection } from './delivered-sections';
import { dayOf, folded, HELPDESK, levelName, memberOf, renderBoth, type RenderedMail } from './render';

/** Renders the mail to one recipient of a delivery: what passed, how to fetch it and how to get calibrated data. */
export function renderDelivered(mail: DeliveredMail): RenderedMail {
  const { delivery, replaces } = mail;
  const what = levelName(delivery.level);
  const again = delivery.revision > 1 ? ` (revision ${delivery.revision})` : '';
  const done = replaces === null ? `delivered${again}` : `delivered again${again}`;
  return {
    subject: `ALMA project ${delivery.project}: QA2 ${delivery.outcome}, ${what} ${delivery.ous} ${done}`,
    ...(replaces === null
      ? renderBoth('delivered', deliveredView(mail))
      : renderBoth('replaced', { ...deliveredView(mail), ...replacedSection(mail, replaces) })),
  };
}

function deliveredView(mail: DeliveredMail): object {
  const { delivery, report, unit, group, link, recipient } = mail;
  const linked = (path: string): string => `${mail.publicUrl}${path}?link=${link.token}`;
  const images = achievedImages(report.facts);
  const partsTitle = `THE PARTS (${delivery.parts}, ${humanSize(delivery.bytes)} in all)`;
  const members = unit.level === 'group' ? combinedMembers(delivery, group) : awaitedMembers(group, unit.uid);
  return {
    recipient,
    project: delivery.project,
    title: report.facts.readme?.projectTitle ?? null,
    what: levelName(delivery.level),
    uid: delivery.ous,
    verdict: verdictOf(delivery),
    revision: delivery.revision,
    ...memberOf(unit),
    combination: unit.level === 'group' && { members: count(delivery.combines.length, 'member') },
    place: unit.level === 'member' ? placeOf(group, unit) : null,
    facts: factsOf(mail).map(([name, value]) => ({ name, value, label: `${name}:`.padEnd(15) })),
    hasMembers: members.length > 0,
    membersTitle: unit.level === 'group' ? 'Combined from' : 'Members still to be delivered',
    members,
    hasImages: images.length > 0,
    images: images.map((image) => ({ ...image, folded: image.remark && folded(image.remark, '    ') })),
    proposed: proposed(report.facts),
    count: delivery.parts,
    totalSize: humanSize(delivery.bytes),
    partsRule: '-'.repeat(partsTitle.length),
    parts: delivery.partList.map(({ name, size, sha256, url }) => ({
      name,
      sha256,
      size: humanSize(size),
      bytes: size,
      url: linked(url),
    })),
    download: `curl -f -o almagest-products.sh '${linked(`/deliveries/${delivery.id}/download.sh`)}'`,
    tars: delivery.partList.map(({ name }, index) => ({
      name,
      and: index + 1 < delivery.partList.length ? ' &&' : '',
    })),
    linkNote: linkNoteOf(mail),
    command: {
      url: `${mail.publicUrl}/almagest`,
      link: linked(`/deliveries/${delivery.id}`),
      delivery: delivery.id,
    },
    ...rawSection(mail, linked('/raw-requests')),
    restore: restoreSection(mail),
    next: nextOf(unit.level),
    helpdesk: HELPDESK,
  };
}

function linkNoteOf({ delivery, link, now }: DeliveredMail): string {
  if (isReleased(delivery, now)) return 'These data are public: anyone can use the links, and the links do not expire.';
  return (
    'The links in this mail give anyone who has them access to this delivery and its raw data, until ' +
    `${dayOf(link.expires)}. Do not pass them on to anyone who is not authorised to have the data. The helpdesk can ` +
    'issue new links and revoke lost ones.'
  );
}

function verdictOf({ outcome }: Delivery): string {
  return outcome === 'PASS'
    ? 'has passed QA2'
    : `has the QA2 outcome ${outcome}: not everything that the project asked for was achieved`;
}

/** The position of a member in its group, and what comes next. */
function placeOf(group: GroupOus, unit: MemberOus): string {
  const members = group.members.length;
  if (members < 2) return `It is the only member of its group ${group.uid}, so there is no combined imaging.`;
  const delivered = group.members.filter(({ state }) => state === 'delivered').length;
  const position = group.members.findIndex(({ uid }) => uid === unit.uid) + 1;
  const state = group.ready
    ? 'All members have passed QA2: the observatory images them together, and you will get a mail about that.'
    : `Delivered so far: ${delivered} of ${members} members. Once all have passed QA2, they are imaged together.`;
  return `It is member ${position} of ${members} in the group ${group.uid}. ${state}`;
}

function factsOf({ delivery, report, unit, group, now }: DeliveredMail): [string, string][] {
  const { readme } = report.facts;
  const facts: [string, string | null | undefined][] = [
    ['Project', delivery.project],
    ['Title', readme?.projectTitle],
    [levelName(delivery.level), delivery.ous],
    ...delivery.alsoServes.map((uid): [string, string] => ['Also serves', uid]),
    ['Array', unit.level === 'member' ? unit.array : null],
    ['SB', unit.level === 'member' ? unit.schedulingBlock?.name : readme?.schedulingBlocks.join(', ')],
    ['Configuration', readme?.configuration],
    ['Group', unit.level === 'member' ? group.uid : null],
    ['QA2', delivery.outcome],
    ['Revision', String(delivery.revision)],
    ['Calibrated', CALIBRATED[delivery.mode]],
    ['CASA', readme?.casaVersion],
    ['Files', String(delivery.files)],
    ['Proprietary', proprietaryOf(delivery, now)],
    ['Delivery', delivery.id],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value] satisfies [string, string]] : []));
}

const CALIBRATED: Record<string, string> = {
  analyst: 'by an analyst, with the scripts in "script" (§5.1)',
  pipeline: 'by the ALMA Science Pipeline, with PPR*.xml in "script" (§5.2)',
  combination: 'as its members; this delivery contains imaging only',
};

function proprietaryOf(delivery: Delivery, now: Date): string {
  if (isReleased(delivery, now)) return `no, public since ${delivery.releaseDate}`;
  return delivery.releaseDate === null ? 'yes; no release date is set' : `until ${delivery.releaseDate}, then public`;
}

const STATES: Record<MemberOus['state'], string> = {
  awaited: 'awaited',
  accepted: 'on its way',
  rejected: 'being prepared again',
  'not-delivered': 'has not passed QA2',
  delivered: 'delivered',
};

function awaitedMembers(group: GroupOus, self: string): { uid: string; about: string }[] {
  return group.members
    .filter(({ uid, state }) => uid !== self && state !== 'delivered')
    .map((member) => ({ uid: member.uid, about: aboutMember(member, STATES[member.state]) }));
}

function combinedMembers({ combines }: Delivery, group: GroupOus): { uid: string; about: string }[] {
  return combines.map(({ ous, revision }) => {
    const member = group.members.find(({ uid }) => uid === ous);
    return { uid: ous, about: aboutMember(member, `revision ${revision}`) };
  });
}

function aboutMember(member: MemberOus | undefined, state: string): string {
  return [member?.array, member?.schedulingBlock?.name, state].filter((word) => word !== undefined).join(', ');
}

function nextOf(level: 'member' | 'group'): string {
  const imaging = 'You can base your own imaging on the script "scriptForImaging.py" in "script".';
  if (level === 'group') return imaging;
  return `${imaging} If lines were detected over a significant continuum, consider subtracting it first with the CASA task uvcontsub (§6).`;
}
