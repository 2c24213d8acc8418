import { type DataOf, qa2ResultPosted, type Qa2Result, qa2StatusSchema, type Qa2Status } from '@almagest/contracts';
import { type BusMessage, type BusPublisher, makeMessage } from '@almagest/messaging';
import type { Uid } from '@almagest/ous';
import { Pool } from 'pg';
import { z } from 'zod';
import { Archive } from './harness/archive';
import { memberResult } from './harness/posting';
import { newProject } from './harness/project';
import { waitFor } from '../harness/wait-for';

const deadLettersSchema = z.array(
  z.object({ service: z.string(), reason: z.string(), attempts: z.int(), message: z.object({ id: z.string() }) }),
);

describe('results published on the bus', () => {
  let archive: Archive;
  let pool: Pool;
  let bus: BusPublisher;

  beforeAll(async () => {
    archive = await Archive.start();
    pool = new Pool({ connectionString: await archive.databaseUrl(), max: 4 });
    bus = await archive.publisher(pool);
  });
  afterAll(async () => {
    await bus.close();
    await pool.end();
    await archive.remove();
  });

  /** Returns a message as the observatory's pipeline would publish it, with any data. */
  function messageOf(group: Uid, data: unknown): BusMessage {
    const about = { key: group, subject: group, source: '/observatory/pipeline' };
    return makeMessage(qa2ResultPosted, about, data as DataOf<typeof qa2ResultPosted>);
  }

  async function recorded(ous: Uid): Promise<Qa2Status[]> {
    return archive.client.all(`/qa2-results?ous=${encodeURIComponent(ous)}`, qa2StatusSchema);
  }

  async function settledBy(ous: Uid): Promise<Qa2Status> {
    const [found] = await waitFor(`a result of ${ous}`, async () => {
      const results = await recorded(ous);
      return results.length > 0 && results;
    });
    return archive.client.settled(found?.id ?? '');
  }

  /** Returns the dead letter of a message. */
  async function deadLetter(id: string): Promise<z.infer<typeof deadLettersSchema>[number]> {
    return waitFor(`a dead letter of ${id}`, async () => {
      const { rows } = await pool.query(`SELECT * FROM bus.dead_letter WHERE message ->> 'id' = $1`, [id]);
      const letters = deadLettersSchema.parse(rows);
      expect(letters.length).toBeLessThan(2);
      return letters[0];
    });
  }

  it('are delivered like results posted over HTTP', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    await bus.publish([messageOf(project.group, await memberResult(archive.inbox, project, member))]);
    const status = await settledBy(member.uid);
    expect(status.history.map(({ state }) => state)).toEqual(['accepted', 'stored', 'catalogued', 'notified']);
    expect(await archive.mailbox.about(status.id)).toHaveLength(2);
  });

  it('take effect once when they arrive several times, over the bus or over HTTP', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const result = await memberResult(archive.inbox, project, member);
    const message = messageOf(project.group, result);
    await bus.publish([message, message]);
    await bus.publish([message]);
    const [{ status: posted }] = await Promise.all([
      archive.client.post(result),
      bus.publish([messageOf(project.group, result)]),
    ]);
    expect([200, 202]).toContain(posted);
    const { id } = await settledBy(member.uid);
    await bus.publish([message]);
    const last = newProject('12m');
    await bus.publish([messageOf(project.group, await memberResult(archive.inbox, last, last.members[0]))]);
    await settledBy(last.members[0].uid);
    expect((await recorded(member.uid)).map((each) => each.id)).toEqual([id]);
    expect((await archive.client.deliveries(member.uid)).map((each) => each.id)).toEqual([id]);
    expect(await archive.mailbox.about(id)).toHaveLength(2);
    const { rows } = await pool.query(`SELECT 1 FROM bus.dead_letter WHERE message ->> 'id' = $1`, [message.id]);
    expect(rows).toEqual([]);
  });

  it.each([
    ['has invalid fields', (result: Qa2Result) => ({ ...result, project: 'none', extra: 1 }), ['/project', '/extra']],
    ['is not a result', () => 'PASS', ['']],
    [
      'names a member outside its group',
      (result: Qa2Result) => ({
        ...result,
        group: { ...result.group, members: [{ uid: 'uid://A001/X0/X1', array: '12m' }] },
      }),
      ['/member'],
    ],
  ])('become dead letters, with the reason, when one %s', async (_, change, pointers) => {
    const project = newProject('12m');
    const [member] = project.members;
    const message = messageOf(project.group, change(await memberResult(archive.inbox, project, member)));
    await bus.publish([message]);
    const { service, reason, attempts } = await deadLetter(message.id);
    expect([service, attempts]).toEqual(['intake', 1]);
    for (const pointer of pointers) expect(reason).toContain(pointer);
    expect(await recorded(member.uid)).toEqual([]);
  });

  it('become dead letters when they contradict the recorded result', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const result = await memberResult(archive.inbox, project, member, { revision: 2 });
    await archive.client.deliver(result);
    const other = messageOf(project.group, { ...result, decidedAt: '2014-12-06T08:50:00Z' });
    const older = messageOf(project.group, { ...result, revision: 1 });
    await bus.publish([other, older]);
    expect((await deadLetter(other.id)).reason).toMatch(/^intake\.content-conflict: /);
    expect((await deadLetter(older.id)).reason).toMatch(/^intake\.revision-superseded: /);
  });

  it('are not blocked by an invalid result of the same group', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = await Promise.all(
      project.members.map((member) => memberResult(archive.inbox, project, member)),
    );
    const bad = messageOf(project.group, { ...first, revision: 0 });
    await bus.publish([bad, messageOf(project.group, first), messageOf(project.group, second)]);
    for (const { uid } of project.members) expect((await settledBy(uid)).state).toBe('notified');
    expect((await deadLetter(bad.id)).reason).toContain('/revision');
    expect((await archive.client.group(project.group)).readiness).toHaveLength(1);
  });

  it('become dead letters when the message itself is malformed', async () => {
    const project = newProject('12m');
    const message = messageOf(project.group, await memberResult(archive.inbox, project, project.members[0]));
    await bus.publish([{ ...message, time: 'yesterday' }]);
    expect((await deadLetter(message.id)).reason).toMatch(/^messaging\.message-malformed: /);
    expect(await recorded(project.members[0].uid)).toEqual([]);
  });
});
