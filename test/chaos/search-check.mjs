import { setTimeout as pause } from 'node:timers/promises';
import { URLSearchParams } from 'node:url';
import { fileForm } from '../bench/small-delivery.mjs';

/** Some results are released on `RELEASE_DATE`; the day of search moves from before it to `AFTER`. */
export const RELEASE_DATE = '2099-12-05';
const AFTER = '2100-01-01';
/** Deliveries that are proprietary when the date passes. */
const PROPRIETARY = 5;
const PER_PAGE = 50;

/**
 * Lets the release date pass while processes are killed, as soon as some proprietary deliveries are shown or the run is
 * over: replaces the function that says which day it is.
 */
export async function passReleaseDate(pool, isOver) {
  for (;;) {
    try {
      const { rows } = await pool.query(
        'SELECT count(*) FROM search.ous WHERE NOT is_public AND delivery_id IS NOT NULL',
      );
      if (isOver() || Number(rows[0].count) >= PROPRIETARY) {
        await pool.query(
          `CREATE OR REPLACE FUNCTION search.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE RETURN DATE '${AFTER}'`,
        );
        return;
      }
    } catch {
      // The database is down; it comes back.
    }
    await pause(200);
  }
}

/** Follows the changes as a client does, while the archive is disturbed. */
export class ChangeFollower {
  seen = [];
  stopped = false;

  constructor(world) {
    this.world = world;
  }

  async run() {
    while (!this.stopped) {
      try {
        this.seen.push(...(await changesAfter(this.world, this.seen.at(-1)?.id ?? 0, 2)));
      } catch {
        await pause(100);
      }
    }
  }
}

/**
 * Compares what queries see, and the changes that led to it, with the results and with the catalogue.
 * @param checker has `accepted`, `events`, `fault` and `count`
 * @param {ChangeFollower} follower of the whole run
 */
export async function checkSearch(checker, world, follower) {
  const changes = [];
  for (let page; page === undefined || page.length > 0;) {
    page = await changesAfter(world, changes.at(-1)?.id ?? 0, 0);
    changes.push(...page);
  }
  checker.count('changes of search', changes.length);
  if (changes.some(({ id }, index) => id !== index + 1)) checker.fault('order', 'the changes have a gap');
  const asSeen = follower.seen.map((change) => JSON.stringify(change));
  if (
    asSeen.join() !==
    changes
      .slice(0, asSeen.length)
      .map((change) => JSON.stringify(change))
      .join()
  ) {
    checker.fault('order', 'a client that followed the changes got others than there are');
  }
  checker.count('  seen by a client that followed them', asSeen.length);
  const states = statesOf(checker, changes);
  await compareWithCatalogue(checker, world, states);
  checkDeliveries(checker, changes, states);
}

/** Replays the changes; returns the delivery that is shown of each ObsUnitSet. */
function statesOf(checker, changes) {
  const states = new Map();
  for (const { kind, ous, revision, delivery, dataRights } of changes) {
    const before = states.get(ous);
    const expected = {
      added: before === undefined,
      replaced: before !== undefined && before.revision < revision,
      withdrawn: before?.delivery === delivery,
      released: before?.delivery === delivery && before.dataRights === 'Proprietary',
    };
    if (!expected[kind]) checker.fault('order', `${kind} r${revision} of ${ous} after ${JSON.stringify(before)}`);
    if (kind === 'withdrawn') states.delete(ous);
    else states.set(ous, { revision, delivery, dataRights });
  }
  return states;
}

async function compareWithCatalogue(checker, world, states) {
  const ids = await query(world, 'SELECT DISTINCT obs_id FROM ivoa.obscore');
  const shown = new Set(ids.map(([id]) => id.split('.source.')[0]));
  for (const ous of new Set(checker.accepted.map((each) => each.ous))) {
    const list = await (await world.ask('catalogue', `/ous/${fileForm(ous)}/deliveries?limit=500`)).json();
    const current = (list.items ?? []).find(({ state }) => state === 'current');
    if (states.get(ous)?.delivery !== current?.id) {
      checker.fault('lost', `search shows ${JSON.stringify(states.get(ous))} of ${ous}, the catalogue ${current?.id}`);
    }
    if (shown.has(ous) !== (current !== undefined))
      checker.fault('half-visible', `queries and catalogue differ on ${ous}`);
    checker.count('ObsUnitSets in search as in the catalogue');
  }
}

/** Checks that a delivery is shown once at most, withdrawn once, and released once if it was proprietary. */
function checkDeliveries(checker, changes, states) {
  for (const { key, ous, status, fate, result } of checker.accepted) {
    const about = changes.filter(({ delivery }) => delivery === status.id);
    const times = (...kinds) => about.filter(({ kind }) => kinds.includes(kind)).length;
    if (fate !== 'delivered') {
      if (about.length > 0) checker.fault('half-visible', `${key} (${fate}) is among the changes`);
      continue;
    }
    for (const kinds of [['added', 'replaced'], ['withdrawn'], ['released']]) {
      if (times(...kinds) > 1) checker.fault('doubled', `${key} was ${kinds.join(' or ')} more than once`);
    }
    if (states.get(ous)?.delivery !== status.id) continue;
    const [first] = about;
    const due = first?.dataRights === 'Proprietary' ? 1 : 0;
    if (times('released') !== due) checker.fault('lost', `${key} was released ${times('released')} times, not ${due}`);
    if (result.releaseDate !== RELEASE_DATE && due === 1) checker.fault('lost', `${key} was proprietary`);
    checker.count('  released', due);
  }
}

async function changesAfter(world, id, wait) {
  const response = await world.ask('search', `/changes?after=${id}&limit=${PER_PAGE}&wait=${wait}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function query(world, adql) {
  const parameters = new URLSearchParams({ QUERY: adql, RESPONSEFORMAT: 'tsv' });
  const text = await (await world.ask('search', `/tap/sync?${parameters}`)).text();
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
}
