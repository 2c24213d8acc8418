import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseUid, rawTarName } from '@almagest/ous';
import { FAILPOINTS } from '@almagest/platform';
import { Archive } from '../acceptance/harness/archive';
import { sha256 } from '../acceptance/harness/posting';
import { expire, RawClient } from '../acceptance/harness/raw-client';
import { EXAMPLES, sampleResult } from '../acceptance/harness/sample';
import { waitFor } from '../harness/wait-for';

const MEMBER = parseUid('uid://A001/X1/Xa3');
const NOTIFY = { name: 'Henrietta Leavitt', email: 'hleavitt@example.org' };
const SAMPLE_TARS = ['uid://A002/X1/Xb1', 'uid://A002/X1/Xb2'].map((block) =>
  rawTarName('2013.1.09999.S', parseUid(block)),
);

describe('a raw data request in an archive that is killed', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  it.each(FAILPOINTS.filter((point) => point.startsWith('request-handler.') && !point.includes('removed')))(
    'resumes after a crash at %s, and sends one mail',
    async (point) => {
      archive = await Archive.start({ failpoint: point });
      await archive.client.deliver(sampleResult('member12m'));
      const posting = new RawClient(archive.client).request({ ous: MEMBER, notify: NOTIFY }).catch(() => null);
      expect(await archive.died()).toEqual({ code: null, signal: 'SIGKILL' });
      await posting;
      await archive.launch();
      const raw = new RawClient(archive.client);
      // A client without an answer repeats its request.
      const { request } = await raw.request({ ous: MEMBER, notify: NOTIFY });
      const tars = await Promise.all(SAMPLE_TARS.map((name) => readFile(join(EXAMPLES, name))));
      expect(await raw.settled(request.id)).toMatchObject({
        state: 'staged',
        asdms: tars.map((tar) => ({ sha256: sha256(tar) })),
      });
      expect(await archive.staged()).toEqual([...SAMPLE_TARS].sort());
      const running = archive;
      const mails = async () => (await running.mailbox.all()).filter(({ text }) => text.includes(request.id));
      await waitFor('the mail', async () => (await mails()).length > 0);
      await archive.stop();
      expect(await mails()).toHaveLength(1);
    },
  );

  it('finishes a sweep that a crash interrupted', async () => {
    archive = await Archive.start();
    await archive.client.deliver(sampleResult('member7m'));
    const raw = new RawClient(archive.client);
    const { request } = await raw.request({ ous: 'uid://A001/X1/Xa4' });
    await raw.settled(request.id);
    await expire(archive, request.id);
    await archive.arm('request-handler.removed-before-commit').catch(() => undefined);
    await archive.died();
    await archive.launch();
    const running = archive;
    await waitFor('the sweep', async () => (await running.staged()).length === 0);
    expect((await new RawClient(archive.client).status(request.id)).state).toBe('expired');
  });
});
