import { mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding, Problem, Qa2Result, Qa2Status } from '@almagest/contracts';
import { toFileForm } from '@almagest/ous';
import { Archive } from './harness/archive';
import { memberFiles, type TarEntry, tarOf } from './harness/delivery-files';
import { memberResult, putFile, putPart } from './harness/posting';
import { newProject, type Project, treeOf } from './harness/project';
import { waitFor } from '../harness/wait-for';

describe('rejected deliveries', () => {
  let archive: Archive;
  let project: Project;
  /** A result of this project whose delivery would be accepted. */
  let good: Qa2Result;

  beforeAll(async () => {
    archive = await Archive.start();
  });
  beforeEach(async () => {
    project = newProject('12m', '7m');
    good = await memberResult(archive.inbox, project, project.members[0]);
  });
  afterAll(() => archive.remove());

  /** Posts the result, checks that it is rejected and leaves no trace, and returns the finding with the code. */
  async function rejected(result: Qa2Result, code: string): Promise<Finding> {
    const status = await archive.client.submit(result);
    expect(status.history.map(({ state }) => state)).toEqual(['accepted', 'rejected']);
    expect(status).toMatchObject({ state: 'rejected', settled: true, delivery: null, report: { verdict: 'rejected' } });
    const [member] = project.members;
    expect(await archive.client.deliveries(member.uid)).toEqual([]);
    const known = await archive.client.memberWhen(member.uid, { revision: result.revision, state: 'rejected' });
    expect(known.delivery).toBeNull();
    expect((await archive.client.refusal(`/deliveries/${status.id}`)).status).toBe(404);
    expect(await archive.client.mails(member.uid)).toEqual([]);
    expect(await archive.mailbox.about(status.id)).toEqual([]);
    expect(await stored(project)).toEqual([]);
    return findingOf(status, code);
  }

  async function rejectedFiles(files: readonly TarEntry[], code: string): Promise<Finding> {
    return rejected(await memberResult(archive.inbox, project, project.members[0], { files }), code);
  }

  function findingOf({ report }: Qa2Status, code: string): Finding {
    const finding = report?.findings.find((each) => each.code === code);
    if (finding === undefined) throw new Error(`no ${code} among ${JSON.stringify(report?.findings, null, 1)}`);
    expect(finding.severity).toBe('reject');
    expect(finding.section).toMatch(/^§\d/);
    expect(finding.message).not.toBe('');
    expect(finding.remedy).not.toBe('');
    return finding;
  }

  /** Returns the names of the objects of a project in the object store. */
  async function stored({ code }: Project): Promise<string[]> {
    return (await archive.stored(code)).map((key) => basename(key));
  }

  const part = (): NonNullable<Qa2Result['parts']>[number] => {
    const [only] = good.parts ?? [];
    if (only === undefined) throw new Error('the result has no part');
    return only;
  };
  const withPart = (change: Partial<ReturnType<typeof part>>): Qa2Result => ({
    ...good,
    parts: [{ ...part(), ...change }],
  });
  const tree = (): string => treeOf(project, project.members[0]);

  describe('parts that differ from the posted values', () => {
    it('a different SHA-256', async () => {
      const finding = await rejected(withPart({ sha256: '0'.repeat(64) }), 'transfer.sha256');
      expect(finding).toMatchObject({ file: part().name, expected: '0'.repeat(64), found: part().sha256 });
    });

    it('a file shorter than the size', async () => {
      const finding = await rejected(withPart({ size: part().size + 1 }), 'transfer.size');
      expect(finding).toMatchObject({
        file: part().name,
        expected: `${part().size + 1} bytes`,
        found: `${part().size} bytes`,
      });
    });

    it('a file longer than the size', async () => {
      const finding = await rejected(withPart({ size: part().size - 1 }), 'transfer.size');
      expect(finding).toMatchObject({ file: part().name, expected: `${part().size - 1} bytes`, found: 'more' });
    });

    it('one of several', async () => {
      const name = part().name.replace('1_of_1', '2_of_2');
      const second = await putPart(archive.inbox, name, await tarOf([]));
      const first = { ...part(), name: part().name.replace('1_of_1', '1_of_2') };
      const result = { ...good, parts: [first, { ...second, sha256: 'f'.repeat(64) }] };
      expect(await rejected(result, 'transfer.sha256')).toMatchObject({ file: name, found: second.sha256 });
    });
  });

  describe('parts that cannot be read', () => {
    it('a missing file', async () => {
      const location = pathToFileURL(join(archive.inbox, 'missing.tar')).href;
      const finding = await rejected(withPart({ location }), 'source.not-found');
      expect(finding.file).toBe(part().name);
      expect(finding.message).toContain(location);
    });

    it('a file outside, reached through a link inside', async () => {
      const bytes = await tarOf(await memberFiles(project, project.members[0]));
      await putFile(archive.outside, 'secret.tar', bytes);
      await symlink(join(archive.outside, 'secret.tar'), join(archive.inbox, `${project.code}.tar`));
      const location = pathToFileURL(join(archive.inbox, `${project.code}.tar`)).href;
      await rejected(withPart({ location }), 'source.not-allowed');
    });

    it('each of several, as far as no server must be asked', async () => {
      await putFile(archive.outside, 'one.tar', await tarOf([]));
      const outside = join(archive.inbox, `${project.code}.one.tar`);
      await symlink(join(archive.outside, 'one.tar'), outside);
      const named = [outside, part().location, join(archive.inbox, 'nothing.tar'), archive.inbox].map(
        (place, index) => ({
          ...part(),
          name: part().name.replace('1_of_1', `${index + 1}_of_4`),
          location: place.startsWith('file:') ? place : pathToFileURL(place).href,
        }),
      );
      const { report } = await archive.client.submit({ ...good, parts: named });
      const found = report?.findings.map(({ code, file }) => `${code} ${file?.slice(-10)}`) ?? [];
      expect(found.sort()).toEqual([
        'source.not-allowed 1_of_4.tar',
        'source.not-found 3_of_4.tar',
        'source.unusable 4_of_4.tar',
      ]);
      const notAllowed = report?.findings.find(({ code }) => code === 'source.not-allowed');
      expect(notAllowed?.message).toContain(`it reads from ${archive.inbox}`);
    });

    it('a file below a linked directory', async () => {
      await symlink(archive.outside, join(archive.inbox, project.code));
      const location = pathToFileURL(join(archive.inbox, project.code, 'secret.tar')).href;
      await rejected(withPart({ location }), 'source.not-allowed');
    });

    it('a directory', async () => {
      await mkdir(join(archive.inbox, `${project.code}.d`));
      const location = pathToFileURL(join(archive.inbox, `${project.code}.d`)).href;
      await rejected(withPart({ location }), 'source.unusable');
    });

    it('a socket', async () => {
      const path = join(archive.inbox, `${project.code}.socket`);
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(path, resolve));
      try {
        await rejected(withPart({ location: pathToFileURL(path).href }), 'source.unusable');
      } finally {
        server.close();
      }
    });
  });

  describe('locations that the configuration does not allow', () => {
    const refused = async (change: object): Promise<Problem> => {
      const body = JSON.stringify({ ...good, ...change });
      const headers = { 'content-type': 'application/json' };
      return archive.client.refusal('/qa2-results', { method: 'POST', headers, body });
    };
    const locations: [what: string, location: () => string, allowed: () => string][] = [
      ['a file outside', () => pathToFileURL(join(archive.outside, 'part.tar')).href, () => archive.inbox],
      [
        'a file reached by ".." through an allowed directory',
        () => `${pathToFileURL(archive.inbox).href}/%2e%2e/${basename(archive.outside)}/secret.tar`,
        () => archive.inbox,
      ],
      ['a server', () => 'https://somewhere.example.org/part.tar', () => 'none'],
      ['a bucket', () => 's3://somebucket/part.tar', () => 'none'],
    ];

    it.each(locations)('are refused at once, with the allowed ones: %s', async (_, location, allowed) => {
      expect(await refused({ parts: [{ ...part(), location: location() }] })).toMatchObject({
        status: 400,
        code: 'intake.source-not-allowed',
        violations: [{ pointer: '/parts/0/location', message: expect.stringContaining(allowed()) as string }],
      });
    });

    it('are all named, and the revision can be posted once they are allowed', async () => {
      const name = part().name.replace('1_of_1', '2_of_3');
      const parts = locations.map(([, location], index) => ({
        ...part(),
        name: name.replace('2_of_3', `${index + 1}_of_4`),
        location: location(),
      }));
      const { violations } = await refused({ parts });
      expect(violations?.map(({ pointer }) => pointer)).toEqual(parts.map((_, index) => `/parts/${index}/location`));
      const tree = { location: pathToFileURL(archive.outside).href };
      expect((await refused({ parts: undefined, tree })).violations).toMatchObject([{ pointer: '/tree/location' }]);
      await archive.client.deliver(good);
    });

    it('do not matter for a result that is not delivered', async () => {
      const parts = [{ ...part(), location: 's3://somebucket/part.tar' }];
      expect(await archive.client.submit({ ...good, outcome: 'FAIL', parts })).toMatchObject({ state: 'recorded' });
    });
  });

  describe('parts that are not a valid tar', () => {
    const reposted = async (bytes: Buffer): Promise<Qa2Result> => ({
      ...good,
      parts: [await putPart(archive.inbox, part().name, bytes)],
    });

    it('a truncated tar', async () => {
      const whole = await tarOf(await memberFiles(project, project.members[0]));
      const finding = await rejected(await reposted(whole.subarray(0, whole.length / 2)), 'archive.truncated');
      expect(finding.file).toBe(part().name);
    });

    it('an HTML page that was saved as a tar', async () => {
      const page = Buffer.from(`<!doctype html><title>Session expired</title>${'<p>Log in again</p>'.repeat(100)}`);
      const finding = await rejected(await reposted(page), 'archive.malformed');
      expect(finding.file).toBe(part().name);
    });

    it('an empty file', async () => {
      await rejected(await reposted(Buffer.alloc(0)), 'archive.truncated');
    });
  });

  describe('hostile entries', () => {
    it.each([
      ['an absolute path', { path: '/etc/cron.d/job', content: 'x' }, 'archive.absolute-path'],
      ['a path to the outside', { path: '../../.profile', content: 'x' }, 'archive.parent-path'],
    ])('%s', async (_, entry, code) => {
      const files = [...(await memberFiles(project, project.members[0])), entry];
      expect(await rejectedFiles(files, code)).toMatchObject({ file: entry.path, found: entry.path });
    });

    it('a path from inside the tree to the outside', async () => {
      const path = `${tree()}/../../../../../tmp/x`;
      const files = [...(await memberFiles(project, project.members[0])), { path, content: 'x' }];
      expect(await rejectedFiles(files, 'archive.parent-path')).toMatchObject({ file: path });
    });

    it('a symbolic link', async () => {
      const path = `${tree()}/script/more.py`;
      const link = { path, type: 'symlink' as const, linkTo: '/etc/passwd' };
      const files = [...(await memberFiles(project, project.members[0])), link];
      expect(await rejectedFiles(files, 'archive.link')).toMatchObject({ file: path, found: 'symlink' });
    });
  });

  describe('deliveries that break the standard', () => {
    it('the tree of another project', async () => {
      const other: Project = { ...project, code: '2012.1.00007.S' };
      const finding = await rejectedFiles(await memberFiles(other, other.members[0]), 'tree.project');
      expect(finding.expected).toBe(project.code);
      expect(finding.found).toContain(other.code);
      expect(finding.file).toContain(other.code);
    });

    it('the tree of another member', async () => {
      const finding = await rejectedFiles(
        await memberFiles(project, project.members[1] ?? project.members[0]),
        'tree.member',
      );
      expect(finding.expected).toBe(`member.${toFileForm(project.members[0].uid)}`);
    });

    it('no scriptForPI.py', async () => {
      const files = (await memberFiles(project, project.members[0])).filter(
        ({ path }) => !path.includes('scriptForPI'),
      );
      const finding = await rejectedFiles(files, 'script.pi');
      expect(finding).toMatchObject({ section: '§4.2', file: null, expected: 'script/scriptForPI.py', found: null });
    });

    it('all faults, in one report', async () => {
      const files = (await memberFiles(project, project.members[0])).filter(
        ({ path }) => !/scriptForPI|README|flux\.fits$/.test(path),
      );
      const status = await archive.client.submit(
        await memberResult(archive.inbox, project, project.members[0], { files }),
      );
      const codes = status.report?.findings.filter(({ severity }) => severity === 'reject').map(({ code }) => code);
      expect(codes?.sort()).toEqual(['item.readme', 'product.primary-beam', 'script.pi']);
      expect(status.report?.counts.reject).toBe(3);
    });

    it('a wrong part name', async () => {
      const name = 'products.tar';
      const finding = await rejected(withPart({ name }), 'package.name');
      expect(finding).toMatchObject({ file: name, expected: part().name });
    });
  });

  it('do not change the delivery of the previous revision', async () => {
    const [member] = project.members;
    const first = await archive.client.deliver(good);
    const bad = await memberResult(archive.inbox, project, member, { revision: 2, files: [{ path: 'stray' }] });
    const second = await archive.client.submit(bad);
    expect(second.state).toBe('rejected');
    expect(await archive.client.deliveries(member.uid)).toMatchObject([{ id: first.id, state: 'current' }]);
    const known = await archive.client.memberWhen(member.uid, { revision: 2, state: 'rejected' });
    expect(known.delivery).toBe(first.id);
    expect(await archive.client.download(`/deliveries/${first.id}/parts/${part().name}`)).toHaveLength(part().size);

    const third = await archive.client.deliver(await memberResult(archive.inbox, project, member, { revision: 3 }));
    expect(await archive.client.deliveries(member.uid)).toMatchObject([
      { id: third.id, state: 'current' },
      { id: first.id, state: 'replaced' },
    ]);
    expect((await archive.client.mails(member.uid)).map(({ revision }) => revision)).toEqual([3, 3, 1, 1]);
    expect(await archive.mailbox.about(second.id)).toEqual([]);
  });

  it('are recognised when they are posted again', async () => {
    const bad = withPart({ sha256: '0'.repeat(64) });
    const { id } = await archive.client.submit(bad);
    expect(await archive.client.post(bad)).toMatchObject({ status: 200, result: { id, state: 'rejected' } });
  });

  it('leave nothing in the object store, not even unfinished uploads', async () => {
    const result = await memberResult(archive.inbox, project, project.members[0], { files: [{ path: 'stray' }] });
    await rejected(result, 'tree.misplaced');
    await waitFor('the uploads to be removed', async () => (await archive.unfinishedUploads()) === 0);
  });
});
