import { rm, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Archive } from './harness/archive';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { BEFORE, deliver, type Delivered, OPTIONS } from './harness/lost-part';
import { memberResult } from './harness/posting';
import { newProject } from './harness/project';
import { waitFor } from '../harness/wait-for';

describe('a part that is lost from the object store', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await Archive.start(OPTIONS);
    await writeFile(join(archive.home, 'operator'), 'operator-token-0123456789abcdef\n');
  });
  afterAll(() => archive?.remove());

  const almagest = async (...args: string[]): Promise<CommandEnd> =>
    CommandLine.run(...args, '--server', archive.client.url, '--token-file', join(archive.home, 'operator'));
  /** Returns the output of a command without its line breaks. */
  const outputOf = ({ stdout }: CommandEnd): string => stdout.replaceAll(/\s+/g, ' ');
  const expectNothingElse = async ({ key }: Delivered, isThere: boolean): Promise<void> => {
    const keys = (await archive.stored(dirname(key))).map((stored) => basename(stored)).sort();
    expect(keys).toEqual([...(isThere ? [basename(key)] : []), 'manifest.jsonl'].sort());
    expect(await archive.unfinishedUploads()).toBe(0);
  };

  it.each([
    ['posted as a tar', false],
    ['packed from a tree', true],
  ])('is read again from its source and stored, once: %s', async (_, tree) => {
    const delivered = await deliver(archive, tree);
    const { id, key, bytes } = delivered;
    await archive.tamper(key, null);
    expect(outputOf(await almagest('reconcile'))).toContain(
      `lost ${key} expected ${bytes.length} bytes \`almagest reconcile --repair\` reads it again`,
    );
    const repaired = await almagest('reconcile', '--repair');
    expect(repaired).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`lost  ${key}  repaired\n`) });
    expect(repaired.stdout).toMatch(/; 1 finding; 1 repaired\n$/);
    expect((await archive.read(key)).equals(bytes)).toBe(true);
    expect((await archive.client.download(`/deliveries/${id}/parts/${basename(key)}`)).equals(bytes)).toBe(true);
    const again = await almagest('reconcile', '--repair');
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('; they agree; 0 repaired') });
    await expectNothingElse(delivered, true);
  });

  it('is recovered for a withdrawn delivery, which is still not distributed', async () => {
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

  it('is not recovered from a source that is missing or different, until the source is fixed', async () => {
    const changes: [string, (bytes: Buffer) => Buffer | null][] = [
      ['does not exist (tried 3 times)', () => null],
      ['its source has changed, and now has ', (bytes) => Buffer.from(bytes).fill('x', 5000, 5001)],
      ['its source has changed, and now has 512 bytes', (bytes) => bytes.subarray(0, 512)],
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
      const why = changes[index]?.[0] ?? `it would now be packed into ${basename(delivered.key)} with`;
      const [, finding = ''] = outputOf(end).split(`lost ${delivered.key} cannot be repaired here`);
      expect(finding).toMatch(/^ expected \d+ bytes Not recovered: /);
      expect(finding.slice(0, finding.indexOf('Copy it back from a backup'))).toContain(why);
      await expectNothingElse(delivered, false);
    }
    const run = /The reconciliation (\S+)/.exec(end.stderr)?.[1] ?? '';
    expect(await almagest('reconcile', run)).toMatchObject({ exitCode: 1, stdout: end.stdout });

    await rm(grown);
    await utimes(dirname(grown), BEFORE, BEFORE);
    for (const { source, bytes } of lost) if (source !== null) await writeFile(source, bytes);
    const repaired = await almagest('reconcile', '--repair');
    expect([repaired.exitCode, repaired.stdout]).toEqual([0, expect.stringMatching(/; 5 findings; 5 repaired\n$/)]);
    for (const { key, bytes } of lost) expect((await archive.read(key)).equals(bytes)).toBe(true);
  });
});
