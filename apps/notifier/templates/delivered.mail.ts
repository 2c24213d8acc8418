import type { Delivery, GroupOus, MemberOus } from '@almagest/contracts';
import { isReleased } from '@almagest/platform';
import { humanSize } from '@almagest/text';
import { achievedImages, proposed } from './achieved';
import type { DeliveredMail } from './delivered.view';
import { HELPDESK, type RenderedMail, folded } from './layout';
import { replacedView } from './replaced';
import { rawSection, restoreSection } from './raw-section';
import { renderBoth } from './render';
import { dayOf, memberOf, whatOf } from './words';

/** The mail that tells one recipient of a delivery all there is to know, from what passed to calibrated data. */
export function renderDelivered(mail: DeliveredMail): RenderedMail {
  const { delivery, replaces } = mail;
  const what = whatOf(delivery.level);
  const again = delivery.revision > 1 ? ` (revision ${delivery.revision})` : '';
  const done = replaces === null ? `delivered${again}` : `delivered anew${again}`;
  return {
    subject: `ALMA project ${delivery.project}: QA2 ${delivery.outcome}, ${what} ${delivery.ous} ${done}`,
    ...(replaces === null
      ? renderBoth('delivered', deliveredView(mail))
      : renderBoth('replaced', { ...deliveredView(mail), ...replacedView(mail, replaces) })),
  };
}

function deliveredView(mail: DeliveredMail): object {
  const { delivery, report, unit, group, link, recipient } = mail;
  const linked = (path: string): string => `${mail.publicUrl}${path}?link=${link.token}`;
  const deliveryUrl = linked(`/deliveries/${delivery.id}`);
  const images = achievedImages(report.facts);
  const partsTitle = `THE PARTS (${delivery.parts}, ${humanSize(delivery.bytes)} in all)`;
  const members = unit.level === 'group' ? combinedMembers(delivery, group) : awaitedMembers(group, unit.uid);
  return {
    recipient,
    project: delivery.project,
    title: report.facts.readme?.projectTitle ?? null,
    what: whatOf(delivery.level),
    uid: delivery.ous,
    verdict: verdictOf(delivery),
    revision: delivery.revision,
    ...memberOf(unit),
    combination: unit.level === 'group' && { count: delivery.combines.length },
    place: unit.level === 'member' ? placeOf(group, unit) : null,
    facts: factsOf(mail).map(([name, value]) => ({ name, value, label: `${name}:`.padEnd(15) })),
    hasMembers: members.length > 0,
    membersTitle: unit.level === 'group' ? 'Combined from' : 'Still to come in the group',
    members,
    hasImages: images.length > 0,
    images: images.map((image) => ({ ...image, folded: image.remark && folded(image.remark, '    ') })),
    proposed: proposed(report.facts),
    count: delivery.parts,
    totalSize: humanSize(delivery.bytes),
    partsRule: '-'.repeat(partsTitle.length),
    parts: delivery.partList.map(({ name, size, sha256, url }) => ({
      ...{ name, sha256, size: humanSize(size), bytes: size, url: linked(url) },
    })),
    fetchCommand: `almagest fetch ${delivery.id} --unpack --link '${deliveryUrl}'`,
    linkNote: linkNoteOf(mail),
    ...rawSection(mail, linked('/raw-requests'), deliveryUrl),
    restore: restoreSection(mail, deliveryUrl),
    next: nextOf(unit.level),
    helpdesk: HELPDESK,
  };
}

function linkNoteOf({ delivery, link, now }: DeliveredMail): string {
  if (isReleased(delivery, now)) return 'These data are public: the links work for everybody, and for good.';
  return (
    `The links of this mail open this delivery and its raw data for whoever has them, until ${dayOf(link.expires)}: ` +
    'pass them on to nobody who may not have the data. The helpdesk gives out new ones, and takes back those that went astray.'
  );
}

function verdictOf({ outcome }: Delivery): string {
  return outcome === 'PASS' ? 'has passed QA2' : `has QA2 outcome ${outcome}: not all that was asked for was reached`;
}

/** Where a member stands in its group, and what comes next. */
function placeOf(group: GroupOus, unit: MemberOus): string {
  const count = group.members.length;
  if (count < 2) return `It is the only member of its group ${group.uid}, so nothing is combined with it.`;
  const delivered = group.members.filter(({ state }) => state === 'delivered').length;
  const position = group.members.findIndex(({ uid }) => uid === unit.uid) + 1;
  const state = group.ready
    ? 'All have passed now: the observatory images them together, and there will be a mail about that.'
    : `${delivered} of them ${delivered === 1 ? 'is' : 'are'} delivered now; when all have passed they are imaged together.`;
  return `It is member ${position} of ${count} of the group ${group.uid}. ${state}`;
}

function factsOf({ delivery, report, unit, group, now }: DeliveredMail): [string, string][] {
  const { readme } = report.facts;
  const facts: [string, string | null | undefined][] = [
    ['Project', delivery.project],
    ['Title', readme?.projectTitle],
    [whatOf(delivery.level), delivery.ous],
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
  pipeline: 'by the ALMA Science Pipeline, by PPR*.xml in "script" (§5.2)',
  combination: 'as its members were; this delivery is imaging alone',
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
  const imaging = 'The script "scriptForImaging.py" in "script" is an example to build on for imaging of your own.';
  if (level === 'group') return imaging;
  return `${imaging} Where lines stand on a significant continuum, subtract that first with the task uvcontsub (§6).`;
}
