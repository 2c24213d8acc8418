import { createHash } from 'node:crypto';
import { Client } from 'minio';
import { fileForm } from '../bench/small-delivery.mjs';
import { publishedEvents } from './event-log.mjs';
import { checkSearch } from './search-check.mjs';

const AT_ONCE = 8;
const REFUSALS = {
  malformed: [/^(?:intake\.result-invalid|messaging\.message-malformed)$/, 400],
  other: [/^intake\.(?:content-conflict|revision-superseded)$/, 409],
};

/**
 * Compares what the archive accepted with what it stored, catalogued, announced and mailed, once all work is finished.
 * The evidence is independent of the archive: the answers to the posts, the store read with another client, the
 * catalogue over HTTP, the mails at the mail server, the events that the database recorded, and the answers of search.
 * @returns {Promise<{ faults: { kind: string, what: string }[], counts: Record<string, number> }>}
 */
export async function check(world, stream, bus, follower) {
  const checker = new Checker(world, stream, bus);
  await checker.run();
  await checkSearch(checker, world, follower);
  return checker;
}

class Checker {
  faults = [];
  counts = {};

  constructor(world, stream, bus) {
    Object.assign(this, { world, stream, bus });
  }

  fault(kind, what) {
    this.faults.push({ kind, what });
  }

  async run() {
    await this.findAccepted();
    await this.checkAnswers();
    await this.checkCatalogue();
    await this.checkStore();
    await this.checkEvents();
    this.checkMails();
    await this.checkGroups();
  }

  /** Reads each result that intake has on record, with its final state. */
  async findAccepted() {
    this.recorded = new Map();
    await each(await this.all('intake', '/qa2-results'), async ({ id }) => {
      const status = await this.get('intake', `/qa2-results/${id}`);
      const key = keyOf(status.ous, status.revision);
      if (this.recorded.has(key)) this.fault('doubled', `${key} is recorded twice`);
      this.recorded.set(key, status);
    });
    this.counts['results recorded'] = this.recorded.size;
  }

  /** Checks that every answer and every dead letter matches the records. */
  async checkAnswers() {
    const letters = new Map((await this.bus.deadLetters()).map((letter) => [letter.id, letter]));
    const sent = new Set();
    const fates = new Map();
    for (const step of this.stream.steps) {
      const key = keyOf(step.ous, step.result.revision);
      const [code, status] = step.fate === 'malformed' ? REFUSALS.malformed : REFUSALS.other;
      if (step.fate !== 'malformed') fates.set(key, step);
      const found = this.recorded.get(key);
      for (const answer of step.answers ?? []) {
        this.count(`answered ${answer.status}`);
        if (answer.status === 200 || answer.status === 202) {
          if (found?.id !== answer.id)
            this.fault('lost', `${key} was accepted as ${answer.id}, which is not on record`);
        } else if (answer.status !== status || !code.test(answer.code)) {
          this.fault('answer', `${key} (${step.fate}) was answered ${answer.status} ${answer.code}`);
        }
      }
      for (const id of step.messageIds ?? []) {
        sent.add(id);
        this.count('messages over the bus');
        const letter = letters.get(id);
        if (letter !== undefined) this.count('messages rejected on the bus');
        if (letter === undefined && (found === undefined || step.fate === 'malformed')) {
          this.fault('lost', `message ${id} of ${key} is neither on record nor a dead letter`);
        }
        if (letter !== undefined && !code.test(letter.reason.split(':')[0])) {
          this.fault('dead letter', `message ${id} of ${key}: ${letter.reason}`);
        }
      }
    }
    for (const letter of letters.values()) {
      if (!sent.has(letter.id)) this.fault('dead letter', `of ${letter.service} for ${letter.id}: ${letter.reason}`);
    }
    this.accepted = [...this.recorded].map(([key, status]) => ({ key, status, ...fates.get(key) }));
    for (const { key, fate } of this.accepted) if (fate === undefined) this.fault('doubled', `${key} was never sent`);
    for (const { fate } of this.accepted) this.count(`  expected to be ${fate}`);
  }

  /** Returns whether a later FAIL on record withdrew this revision. */
  isWithdrawn({ ous, revision }) {
    return this.accepted.some(
      ({ ous: of, result }) => of === ous && result.outcome === 'FAIL' && result.revision > revision,
    );
  }

  /** Checks that each delivery is catalogued once, complete and in the right state, and that no rejected one is. */
  async checkCatalogue() {
    const byOus = groupBy(this.accepted, ({ ous }) => ous);
    await each([...byOus], async ([ous, accepted]) => {
      const good = accepted.filter(({ fate }) => fate === 'delivered');
      const newest = Math.max(...good.map(({ result }) => result.revision));
      const listed = await this.all('catalogue', `/ous/${fileForm(ous)}/deliveries`);
      for (const { id, revision } of listed) {
        if (!good.some(({ status }) => status.id === id))
          this.fault('half-visible', `${ous} r${revision} is catalogued`);
      }
      for (const { key, status, result, files } of good) {
        const found = listed.filter(({ id }) => id === status.id);
        if (found.length === 0) this.fault('lost', `${key} is not catalogued (${status.state})`);
        if (found.length > 1) this.fault('doubled', `${key} is catalogued ${found.length} times`);
        const isWithdrawn = this.isWithdrawn({ ous, revision: result.revision });
        const expected = isWithdrawn ? 'withdrawn' : result.revision === newest ? 'current' : 'replaced';
        for (const { state, parts, files: count } of found) {
          if (state !== expected) this.fault('order', `${key} is ${state}, not ${expected}`);
          if (parts !== result.parts.length || count !== files) this.fault('half-visible', `${key}: ${count} files`);
        }
        this.count('deliveries catalogued', found.length);
      }
      for (const { key, status, fate } of accepted) {
        const delivered = this.isWithdrawn({ ous, revision: status.revision })
          ? ['withdrawn']
          : ['notified', 'superseded'];
        const allowed = { delivered, rejected: ['rejected'], recorded: ['recorded'] }[fate];
        if (!allowed?.includes(status.state)) this.fault('lost', `${key} (${fate}) ended in state ${status.state}`);
      }
    });
  }

  /** Checks that the store has every part byte for byte, one manifest per delivery, and nothing else. */
  async checkStore() {
    const { endpoint, accessKey, secretKey } = this.world.s3;
    const { hostname, port } = new URL(endpoint);
    const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey });
    const { bucket } = this.world;
    const left = new Set();
    for await (const { name } of client.listObjectsV2(bucket, '', true)) left.add(name);
    for await (const { key } of client.listIncompleteUploads(bucket, '', true)) {
      this.fault('store', `unfinished upload of ${key}`);
    }
    await each(
      this.accepted.filter(({ fate }) => fate === 'delivered'),
      async ({ key, ous, group, result }) => {
        const folder = [result.project, fileForm(group), fileForm(ous), `r${result.revision}`].join('/');
        if (!left.delete(`${folder}/manifest.jsonl`)) this.fault('lost', `${key} has no manifest`);
        if (this.isWithdrawn({ ous, revision: result.revision }) && !left.delete(`${folder}/withdrawn.json`)) {
          this.fault('lost', `${key} has no withdrawn.json`);
        }
        for (const { name, sha256 } of result.parts) {
          if (!left.delete(`${folder}/${name}`)) this.fault('lost', `${name} of ${key} is not stored`);
          else if ((await digestOf(client, bucket, `${folder}/${name}`)) !== sha256) {
            this.fault('lost', `${name} of ${key} differs from what was sent`);
          } else this.count('parts stored, byte for byte');
        }
      },
    );
    for (const name of left) this.fault('store', `${name} belongs to no delivery`);
  }

  /**
   * Checks that every recipient of a delivery that was not superseded before it was catalogued got one mail, and a
   * second one when it was withdrawn while current. Then the first mail may have been dropped before it was sent.
   */
  checkMails() {
    const ids = groupBy(this.world.mail.received, ({ delivery, to }) => `${delivery} ${to}`);
    const withdrawals = new Map(
      this.events.filter(({ type }) => type === 'DeliveryWithdrawn').map(({ data }) => [data.deliveryId, data]),
    );
    const namedBy = (id) => this.accepted.find(({ status }) => status.id === id)?.result.recipients ?? [];
    const expected = new Set();
    for (const { key, fate, status, result } of this.accepted) {
      if (fate !== 'delivered' || status.state === 'superseded') continue;
      const { was, by } = withdrawals.get(status.id) ?? {};
      // The recipients of the FAIL get the mail as well.
      if (was === 'current') for (const { email } of namedBy(by.result)) expected.add(`${status.id} ${email}`);
      const [least, most] = { undefined: [1, 1], current: [1, 2], replaced: [0, 1], unseen: [0, 0] }[was];
      for (const { email } of result.recipients) {
        if (most > 0) expected.add(`${status.id} ${email}`);
        const distinct = new Set(ids.get(`${status.id} ${email}`)?.map(({ messageId }) => messageId));
        if (distinct.size < least) this.fault('lost', `no mail about ${key} to ${email}`);
        if (distinct.size > most) this.fault('doubled', `${distinct.size} mails about ${key} to ${email}`);
      }
    }
    this.counts['deliveries withdrawn'] = withdrawals.size;
    for (const about of ids.keys()) if (!expected.has(about)) this.fault('mail', `an unexpected mail: ${about}`);
    this.counts['mails'] = ids.size;
    this.counts['  sent again after a crash (same Message-ID)'] = this.world.mail.received.length - ids.size;
  }

  /** Checks that every event was committed once and delivered to all its readers, in order. */
  async checkEvents() {
    const { EVENTS } = await import('../../dist/libs/contracts/index.js');
    const events = await publishedEvents(this.world.pool);
    const deliveries = await this.bus.deliveries();
    this.counts['events'] = events.length;
    this.counts['  delivered to a reader'] = deliveries.length;
    this.counts['  redelivered'] = deliveries.reduce((sum, { times }) => sum + times - 1, 0);
    const came = new Map(deliveries.map(({ reader, id }, place) => [`${reader} ${id}`, place]));
    for (const { id, type, topic } of events) {
      const contract = EVENTS.find((event) => event.topic === topic && event.type.endsWith(`.${type}`));
      for (const reader of this.bus.readersOf(contract)) {
        if (!came.has(`${reader} ${id}`)) this.fault('lost', `${type} ${id} was not delivered to ${reader}`);
      }
    }
    this.checkOnce(events);
    this.checkOrder(events, came);
    this.events = events;
  }

  checkOnce(events) {
    const expected = {
      delivered: ['DeliveryStored', 'DeliveryCatalogued'],
      rejected: ['DeliveryRejected'],
      recorded: [],
    };
    const seen = groupBy(
      events,
      ({ type, data }) => `${type} ${data.deadLetter ?? data.mailId ?? data.deliveryId ?? data.id ?? ''}`,
    );
    for (const { key, status, fate } of this.accepted) {
      const [withdrawal] = seen.get(`DeliveryWithdrawn ${status.id}`) ?? [];
      if (status.state === 'withdrawn' && withdrawal === undefined) this.fault('lost', `DeliveryWithdrawn of ${key}`);
      // A delivery that was withdrawn before it was catalogued is never announced as catalogued.
      const types = (expected[fate] ?? []).filter(
        (type) => type !== 'DeliveryCatalogued' || withdrawal?.data.was !== 'unseen',
      );
      for (const type of ['Qa2ResultAccepted', ...types]) {
        const times = seen.get(`${type} ${status.id}`)?.length ?? 0;
        if (times !== 1) this.fault(times === 0 ? 'lost' : 'doubled', `${type} of ${key}: ${times} times`);
      }
    }
    for (const [what, { length }] of seen) {
      if (length > 1 && !what.startsWith('Group')) this.fault('doubled', `${what}: ${length} times`);
    }
  }

  /**
   * Checks the order of the events of one publisher about one ObsUnitSet, and of the catalogue about one group. They
   * are committed by one transaction after another: every reader must get them in that order.
   */
  checkOrder(events, came) {
    const of = (name) => events.filter(({ publisher, type }) => publisher === name && type !== 'MessageGivenUp');
    const series = [
      ...groupBy(of('intake'), ({ subject }) => subject).values(),
      ...groupBy(of('catalogue'), ({ key }) => key).values(),
    ];
    for (const reader of this.bus.readers) {
      for (const list of series) {
        const places = list.map(({ id }) => came.get(`${reader} ${id}`)).filter((place) => place !== undefined);
        const isSorted = places.every((place, index) => index === 0 || place > places[index - 1]);
        if (!isSorted) this.fault('order', `${reader} got the events about ${list[0].subject} out of order`);
        if (places.length > 1) this.count('series of events in order');
      }
    }
  }

  /** Checks that readiness counts up, is withdrawn before it is announced again, and finally matches the members. */
  async checkGroups() {
    const about = (type) => this.events.filter((event) => event.type === type);
    const ready = groupBy(about('GroupReadyForCombination'), ({ key }) => key);
    const announced = groupBy(
      this.events.filter(({ type }) => type.startsWith('Group')),
      ({ key }) => key,
    );
    this.counts['group-ready events'] = about('GroupReadyForCombination').length;
    for (const [group, announcements] of announced) {
      const expected = announcements.map(
        (_, index) => `${index % 2 === 0 ? 'GroupReady' : 'GroupReadinessW'} ${(index >> 1) + 1}`,
      );
      const actual = announcements.map(
        ({ type, data }) => `${type.replace(/(?:ForCombination|ithdrawn)$/, '')} ${data.readiness}`,
      );
      if (actual.join() !== expected.join()) this.fault('doubled', `group ${group}: ${actual.join(', ')}`);
    }
    const accepted = groupBy(this.accepted, ({ ous }) => ous);
    await each(this.stream.groups, async ({ uid, members }) => {
      const response = await this.world.ask('catalogue', `/ous/${fileForm(uid)}`);
      if (response.status === 404) return;
      const group = await response.json();
      if (group.readiness.length !== (ready.get(uid)?.length ?? 0)) {
        this.fault(
          'lost',
          `group ${uid} has ${group.readiness.length} readinesses, ${ready.get(uid)?.length ?? 0} were announced`,
        );
      }
      const passed = members.every((member) => newestOf(accepted.get(member.uid) ?? [])?.fate === 'delivered');
      const expected = members.length > 1 && passed;
      if (group.ready !== expected) this.fault('lost', `group ${uid} is ${group.ready ? '' : 'not '}ready`);
    });
  }

  count(name, by = 1) {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  async get(service, path) {
    const response = await this.world.ask(service, path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Returns all items of a list; none on 404. */
  async all(service, path) {
    const items = [];
    for (let cursor = ''; cursor !== null;) {
      const response = await this.world.ask(service, `${path}?limit=500${cursor && `&cursor=${cursor}`}`);
      if (response.status === 404) return items;
      const page = await response.json();
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }
}

function groupBy(items, keyOfItem) {
  const groups = new Map();
  for (const item of items) groups.set(keyOfItem(item), [...(groups.get(keyOfItem(item)) ?? []), item]);
  return groups;
}

function keyOf(ous, revision) {
  return `${ous} r${revision}`;
}

function newestOf(accepted) {
  return accepted.toSorted((a, b) => b.result.revision - a.result.revision)[0];
}

async function digestOf(client, bucket, key) {
  const hash = createHash('sha256');
  for await (const chunk of await client.getObject(bucket, key)) hash.update(chunk);
  return hash.digest('hex');
}

/** Runs `work` on each, at most `AT_ONCE` at a time. */
async function each(items, work) {
  const left = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
