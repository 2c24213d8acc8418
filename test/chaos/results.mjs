import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileForm, filesOf, IMAGE, tarOf } from '../bench/small-delivery.mjs';
import { RELEASE_DATE } from './search-check.mjs';

/**
 * Plans a random group: its members, and for each ObsUnitSet the results to send, in order. Every step has the fate
 * that its result must have if it is accepted:
 * - `delivered`: stored, catalogued, mailed;
 * - `rejected`: breaks the standard or has a wrong digest; nothing of it is visible;
 * - `recorded`: a QA2 outcome that is not delivered;
 * or `malformed`: it must not be accepted. Different content under a revision that was sent before has the same fate:
 * the first to arrive is accepted, the other one is refused.
 */
export async function planGroup(random, number, directory) {
  const uid = (archive, low) => `uid://${archive}/X${(number + 1).toString(16)}/X${low.toString(16)}`;
  const arrays = ['12m', '7m', '12m'].slice(0, 1 + random.below(3));
  const group = {
    project: `2013.1.${String(number % 100_000).padStart(5, '0')}.S`,
    scienceGoal: uid('A001', 1),
    uid: uid('A001', 2),
    members: arrays.map((array, index) => ({ uid: uid('A001', 0x10 + index), array })),
    number,
  };
  const plans = [];
  for (const [index, member] of group.members.entries()) {
    plans.push(await planOus(random, group, directory, { member: member.uid, block: uid('A002', 0x10 + index) }));
  }
  // The combined imaging of a group of several members (§2); the group need not be ready for it.
  if (arrays.length > 1 && random.chance(0.2)) plans.push(await planOus(random, group, directory, {}));
  return { ...group, plans };
}

async function planOus(random, group, directory, of) {
  const steps = [];
  const revisions = 1 + (random.chance(0.4) ? 1 + random.below(2) : 0);
  for (let revision = 1; revision <= revisions; revision++) {
    const fate = pickFate(random);
    const { result, files } = await resultOf(random, group, directory, of, revision, fate);
    const add = (change, as = fate) => steps.push(stepOf(random, { ...result, ...change }, files, as));
    add({});
    if (random.chance(0.1)) add({});
    if (random.chance(0.05)) add({ decidedAt: '2014-12-06T08:50:00Z' });
    if (random.chance(0.05)) add({ project: 'none', extra: 1 }, 'malformed');
  }
  // Sometimes a revision comes after a newer one: then the older one must be refused.
  const ous = of.member ?? group.uid;
  return { ous, steps: random.chance(0.1) ? random.shuffled(steps) : steps };
}

function pickFate(random) {
  const draw = random.next();
  if (draw < 0.72) return 'delivered';
  return draw < 0.86 ? 'rejected' : 'recorded';
}

function stepOf(random, result, files, fate) {
  const how = { by: random.chance(0.3) ? 'bus' : 'http', times: random.chance(0.1) ? 2 : 1 };
  return { result, files, fate, ...how, sameMessage: random.chance(0.5) };
}

async function resultOf(random, group, directory, { member, block }, revision, fate) {
  const ous = member ?? group.uid;
  const result = {
    project: group.project,
    level: member === undefined ? 'group' : 'member',
    scienceGoal: group.scienceGoal,
    group: { uid: group.uid, members: group.members },
    ...(member === undefined ? {} : { member }),
    revision,
    outcome: 'PASS',
    decidedAt: '2014-12-05T08:50:00Z',
    executionBlocks:
      block === undefined ? [] : [{ uid: block, use: 'used', asdm: { size: 1000, location: 'file:///raw/asdm' } }],
    recipients: ['pi', 'delegee'].slice(0, 1 + random.below(2)).map((role) => ({
      role,
      name: `${role} ${group.number}`,
      email: `${role}-${group.number}@example.org`,
    })),
    releaseDate: group.number % 2 === 0 ? '2015-12-05' : RELEASE_DATE,
  };
  if (fate === 'recorded') result.outcome = random.pick(['FAIL', 'SEMIPASS']);
  if (result.outcome === 'FAIL') return { result, files: 0 };
  const files = await filesFor(group, member, block);
  if (fate === 'rejected' && random.chance(0.5)) files.push(['stray', `a file of r${revision}`]);
  else files.find(([path]) => path.endsWith('imaging.log'))[1] += `revision ${revision}\n`;
  const parts = await writeParts(random, directory, group.project, ous, revision, files);
  if (fate === 'rejected' && !files.some(([path]) => path === 'stray')) parts[0].sha256 = '0'.repeat(64);
  return { result: { ...result, parts }, files: files.length };
}

async function filesFor(group, member, block) {
  const above = `${group.project}/science_goal.${fileForm(group.scienceGoal)}/group.${fileForm(group.uid)}`;
  if (member !== undefined) return filesOf(`${above}/member.${fileForm(member)}`, group.project, fileForm(block));
  return [
    ['README', `Project code: ${group.project}\nQA2 Result: PASS\nThe beam is 1.0" x 0.8", the rms 1.0 mJy/beam.\n`],
    ['log/imaging.log', 'combined\n'],
    ['product/NGC1.cont.pbcor.fits', IMAGE],
    ['product/NGC1.cont.flux.fits', IMAGE],
    [`qa/${fileForm(group.uid)}__qa2_part1.png`, 'a page'],
    ['script/scriptForImaging.py', "print('combine')\n"],
  ].map(([path, content]) => [`${above}/${path}`, content]);
}

/** Writes one or two tars, whose file names identify the result. */
async function writeParts(random, directory, project, ous, revision, files) {
  const cut = random.chance(0.3) ? 3 : files.length;
  const shares = [files.slice(0, cut), files.slice(cut)].filter((share) => share.length > 0);
  const parts = [];
  for (const [index, share] of shares.entries()) {
    const name = `${project}_${fileForm(ous)}_${index + 1}_of_${shares.length}.tar`;
    const bytes = await tarOf(share);
    const path = join(directory, `r${revision}-${name}`);
    await writeFile(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    parts.push({ name, location: pathToFileURL(path).href, size: bytes.length, sha256 });
  }
  return parts;
}
