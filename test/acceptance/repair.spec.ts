import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Qa2Result, reconciliationWithFindingsSchema } from '@almagest/contracts';
import type { Failpoint } from '@almagest/platform';
import { Archive } from './harness/archive';
import { IS_SEPARATE } from './harness/archive-process';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { memberFiles } from './harness/delivery-files';
import { memberResult, sha256 } from './harness/posting';
import { newProject } from './harness/project';
import { waitFor } from './harness/wait-for';

const OPTIONS = {
  env: { RECONCILE_GRACE_HOURS: '0' },
  tokens: ['operator qa2:submit,archive:read,archive:operate operator-token-0123456789abcdef'],
};

/** When a tree's own directory was last changed; it is part of what is packed. */
const BEFORE = new Date('2015-01-20T09:00:00Z');

/** A delivery of one part, as it lies in the store and where it was posted from. */
interface Delivered {
  id: string;
  result: Qa2Result;
  key: string;
  bytes: Buffer;
  /** Null for a tree. */
  source: string | null;
}

/** Delivers a small delivery of a project of its own, from where only this delivery is read. */
async function deliver(archive: Archive, tree = false): Promise<Delivered> {
  const project = newProject('12m');
  const [member] = project.members;
  const inbox = join(archive.inbox, project.code);
  let result = await memberResult(inbox, project, member);
  if (tree) {
    for (const { path, content = '' } of await memberFiles(project, member)) {
      await mkdir(dirname(join(inbox, path)), { recursive: true });
      await writeFile(join(inbox, path), content);
    }
    await utimes(join(inbox, project.code), BEFORE, BEFORE);
    const { parts: _parts, ...rest } = result;
    result = { ...rest, tree: { location: pathToFileURL(inbox).href } };
  }
  const { id } = await archive.client.deliver(result);
  const [key = ''] = (await archive.stored(project.code)).filter((stored) => stored.endsWith('.tar'));
  const bytes = await archive.read(key);
  return { id, result, key, bytes, source: tree ? null : join(inbox, 'r1', basename(key)) };
}

describe('a part that the store has lost', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await Archive.start(OPTIONS);
    await writeFile(join(archive.home, 'operator'), 'operator-token-0123456789abcdef\n');
  });
  afterAll(() => archive?.remove());

  const almagest = async (...args: string[]): Promise<CommandEnd> =>
    CommandLine.run(...args, '--server', archive.client.url, '--token-file', join(archive.home, 'operator'));
  /** What a command said, however it was broken into lines. */
  const said = ({ stdout }: CommandEnd): string => stdout.replaceAll(/\s+/g, ' ');
  const expectNothingElse = async ({ key }: Delivered, isThere: boolean): Promise<void> => {
    const keys = (await archive.stored(dirname(key))).map((stored) => basename(stored)).sort();
    expect(keys).toEqual([...(isThere ? [basename(key)] : []), 'manifest.jsonl'].sort());
    expect(await archive.unfinishedUploads()).toBe(0);
  };

  it.each([
    ['posted as it is', false],
    ['packed from a tree', true],
  ])('is read again and put back, once: %s', async (_, tree) => {
    const delivered = await deliver(archive, tree);
    const { id, key, bytes } = delivered;
    await archive.tamper(key, null);
    expect(said(await almagest('reconcile'))).toContain(`lost ${key} expected ${bytes.length} bytes With --repair it`);
    const repaired = await almagest('reconcile', '--repair');
    expect(repaired).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`lost  ${key}  repaired\n`) });
    expect(repaired.stdout).toMatch(/; 1 finding; 1 repaired\n$/);
    expect((await archive.read(key)).equals(bytes)).toBe(true);
    expect((await archive.client.download(`/deliveries/${id}/parts/${basename(key)}`)).equals(bytes)).toBe(true);
    const again = await almagest('reconcile', '--repair');
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('; they agree; 0 repaired') });
    await expectNothingElse(delivered, true);
  });

  it('is put back for a delivery that was withdrawn, which is given out no more', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const { id } = await archive.client.deliver(await memberResult(archive.inbox, project, member));
    await archive.client.post(await memberResult(archive.inbox, project, member, { revision: 2, outcome: 'FAIL' }));
    await waitFor('the withdrawal', async () => (await archive.client.status(id)).state === 'withdrawn');
    const [key = ''] = (await archive.stored(project.code)).filter((stored) => stored.endsWith('.tar'));
    const bytes = await archive.read(key);
    await archive.tamper(key, null);
    expect((await almagest('reconcile', '--repair')).exitCode).toBe(0);
    expect((await archive.read(key)).equals(bytes)).toBe(true);
    expect((await archive.client.request(`/deliveries/${id}/parts/${basename(key)}`)).status).toBe(410);
  });

  it('is not put back from a source that is gone or has other bytes; when that is mended, it is', async () => {
    const changes: [string, (bytes: Buffer) => Buffer | null][] = [
      ['does not exist (tried 3 times)', () => null],
      ['its source has other bytes now, ', (bytes) => Buffer.from(bytes).fill('x', 5000, 5001)],
      ['its source has other bytes now, 512 bytes', (bytes) => bytes.subarray(0, 512)],
      ['is longer than the ', (bytes) => Buffer.concat([bytes, Buffer.alloc(512)])],
    ];
    const lost: Delivered[] = [];
    for (const [, change] of changes) {
      const delivered = await deliver(archive);
      const changed = change(delivered.bytes);
      await rm(delivered.source ?? '');
      if (changed !== null) await writeFile(delivered.source ?? '', changed);
      lost.push(delivered);
    }
    const tree = await deliver(archive, true);
    const grown = join(archive.inbox, tree.result.project, tree.result.project, 'grown.txt');
    await writeFile(grown, 'x'.repeat(100_000));
    lost.push(tree);
    for (const { key } of lost) await archive.tamper(key, null);

    const end = await almagest('reconcile', '--repair');
    expect([end.exitCode, end.stdout]).toEqual([1, expect.stringMatching(/; 5 findings; 0 repaired\n$/)]);
    for (const [index, delivered] of lost.entries()) {
      const why = changes[index]?.[0] ?? `${basename(delivered.key)} would be packed with`;
      const [, finding = ''] = said(end).split(`lost ${delivered.key} cannot be repaired here`);
      expect(finding).toMatch(/^ expected \d+ bytes Not restored: /);
      expect(finding.slice(0, finding.indexOf('Restore it from a copy'))).toContain(why);
      await expectNothingElse(delivered, false);
    }
    const run = /The reconciliation (\S+)/.exec(end.stderr)?.[1] ?? '';
    expect(await almagest('reconcile', run)).toMatchObject({ exitCode: 1, stdout: end.stdout });

    await rm(grown);
    await utimes(dirname(grown), BEFORE, BEFORE);
    for (const { source, bytes } of lost) if (source !== null) await writeFile(source, bytes);
    const mended = await almagest('reconcile', '--repair');
    expect([mended.exitCode, mended.stdout]).toEqual([0, expect.stringMatching(/; 5 findings; 5 repaired\n$/)]);
    for (const { key, bytes } of lost) expect((await archive.read(key)).equals(bytes)).toBe(true);
  });
});

describe('a lost part in an archive that is killed while it is restored', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  const points: Failpoint[] = [
    'ingest.mid-part',
    ...(IS_SEPARATE ? [] : (['object-store.linked'] as const)),
    'ingest.part-restored',
  ];
  it.each(points)('comes back all the same, once: %s', async (point) => {
    archive = await Archive.start(OPTIONS);
    const { key, bytes } = await deliver(archive);
    await archive.stop();
    await archive.launch(point);
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
    const look = () => client.get(posted.headers.get('location') ?? '', reconciliationWithFindingsSchema);
    await waitFor('the end of the repair', async () => {
      const { state, findingCount, restoring } = await look();
      return state === 'done' && findingCount > 0 && restoring === 0;
    });
    expect(await look()).toMatchObject({
      ...{ findingCount: 1, repaired: 1 },
      findings: { items: [{ kind: 'lost', key, repair: 'done' }] },
    });
    expect(sha256(await archive.read(key))).toBe(sha256(bytes));
    expect(await archive.unfinishedUploads()).toBe(0);
  });
});
