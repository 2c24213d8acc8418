import { ousOf } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { accepted, expectOnce, results, statesOf } from './harness/sample-members';

// test/crash covers all other points at which an archive can be killed.
describe('an archive that is killed while it processes deliveries', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  it('recovers from two crashes in one delivery', async () => {
    archive = await Archive.start({ failpoint: 'ingest.parts-completed' });
    const [result] = results;
    const { id } = accepted(await archive.client.post(result));
    await archive.died();
    await archive.launch('catalogue.written-before-commit');
    await archive.died();
    await archive.launch();
    expect(await statesOf(archive, id)).toEqual(['accepted', 'stored', 'catalogued', 'notified']);
    expect((await archive.client.deliveries(ousOf(result))).map((delivery) => delivery.id)).toEqual([id]);
    expect(await archive.mailbox.about(id)).toHaveLength(2);
  });

  it('resumes after a kill at a random point', async () => {
    archive = await Archive.start({ embedded: true });
    const running = archive;
    const posts = await Promise.all(results.map((result) => running.client.post(result)));
    await archive.kill();
    await archive.launch();
    for (const { id } of posts.map(accepted)) expect((await archive.client.settled(id)).state).toBe('notified');
    await expectOnce(
      archive,
      posts.map((post) => accepted(post).id),
    );
  });

  it('resumes after an orderly stop in the middle of a delivery', async () => {
    archive = await Archive.start({ embedded: true });
    const running = archive;
    const posts = await Promise.all(results.map((result) => running.client.post(result)));
    expect(await archive.stop()).toEqual({ code: 0, signal: null });
    await archive.launch();
    for (const { id } of posts.map(accepted)) expect((await archive.client.settled(id)).state).toBe('notified');
    await expectOnce(
      archive,
      posts.map((post) => accepted(post).id),
    );
  });
});
