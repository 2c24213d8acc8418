import { reconciliationWithFindingsSchema } from '@almagest/contracts';
import type { Failpoint } from '@almagest/platform';
import { Archive } from '../acceptance/harness/archive';
import { IS_SEPARATE } from '../acceptance/harness/built';
import { deliver, OPTIONS } from '../acceptance/harness/lost-part';
import { sha256 } from '../acceptance/harness/posting';
import { waitFor } from '../harness/wait-for';

describe('a lost part in an archive that is killed while it recovers the part', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  const points: Failpoint[] = [
    'ingest.mid-part',
    ...(IS_SEPARATE ? [] : (['object-store.linked'] as const)),
    'ingest.part-restored',
  ];
  it.each(points)('is recovered once after a crash at %s', async (point) => {
    archive = await Archive.start(OPTIONS);
    const { key, bytes } = await deliver(archive);
    await archive.arm(point);
    await archive.tamper(key, null);
    const posted = await archive.client.request('/upkeep/reconciliations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ repair: true }),
    });
    expect(posted.status).toBe(202);
    expect(await archive.died()).toEqual({ code: null, signal: 'SIGKILL' });
    await archive.launch();
    const { client } = archive;
    const readRun = () => client.get(posted.headers.get('location') ?? '', reconciliationWithFindingsSchema);
    await waitFor('the end of the repair', async () => {
      const { state, findingCount, restoring } = await readRun();
      return state === 'done' && findingCount > 0 && restoring === 0;
    });
    expect(await readRun()).toMatchObject({
      findingCount: 1,
      repaired: 1,
      findings: { items: [{ kind: 'lost', key, repair: 'done' }] },
    });
    expect(sha256(await archive.read(key))).toBe(sha256(bytes));
    expect(await archive.unfinishedUploads()).toBe(0);
  });
});
