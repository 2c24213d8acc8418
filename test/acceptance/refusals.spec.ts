import { qa2StatusSchema, type Problem, type Qa2Result } from '@almagest/contracts';
import { toFileForm } from '@almagest/ous';
import { z } from 'zod';
import { Archive } from './harness/archive';
import { memberResult } from './harness/posting';
import { newProject, type Project } from './harness/project';

const READER = 'reader-token-0123456789abcdef';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Returns a cursor with a key that no page of the archive has. */
function cursorOf(key: string | number): string {
  return Buffer.from(JSON.stringify([key])).toString('base64url');
}

describe('invalid requests', () => {
  let archive: Archive;
  let project: Project;
  let result: Qa2Result;

  beforeAll(async () => {
    archive = await Archive.start({
      tokens: [
        'pipeline qa2:submit,archive:read,archive:operate pipeline-token-0123456789abcdef',
        `reader archive:read ${READER}`,
      ],
    });
  });
  beforeEach(async () => {
    project = newProject('12m', '7m');
    result = await memberResult(archive.inbox, project, project.members[0]);
  });
  afterEach(async () => {
    const [member] = project.members;
    const recorded = `/qa2-results?ous=${encodeURIComponent(member.uid)}`;
    expect(await archive.client.all(recorded, qa2StatusSchema)).toEqual([]);
    expect((await archive.client.refusal(`/ous/${toFileForm(member.uid)}`)).status).toBe(404);
    expect((await archive.client.refusal(`/projects/${project.code}`)).status).toBe(404);
  });
  afterAll(() => archive.remove());

  const post = (body: string | Uint8Array<ArrayBuffer>, options: { token?: string | null; type?: string } = {}) =>
    archive.client.refusal('/qa2-results', {
      method: 'POST',
      headers: options.type === undefined ? JSON_TYPE : { 'content-type': options.type },
      body,
      ...('token' in options ? { token: options.token } : {}),
    });
  const violationsOf = async (posted: unknown): Promise<Problem['violations']> => {
    const problem = await post(JSON.stringify(posted));
    expect(problem).toMatchObject({ status: 400, code: 'intake.result-invalid' });
    return problem.violations;
  };

  describe('callers', () => {
    it.each([
      ['no token', null],
      ['an unknown token', 'unknown-token-0123456789abcdef'],
      ['a truncated token', READER.slice(0, -1)],
    ])('401 for %s, and says how to authenticate', async (_, token) => {
      expect((await post(JSON.stringify(result), { token })).status).toBe(401);
      const response = await archive.client.request('/qa2-results', { token });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="almagest"']);
    });

    it('401 for a scheme other than Bearer', async () => {
      const authorization = `Basic ${Buffer.from(`reader:${READER}`).toString('base64')}`;
      const refused = await archive.client.refusal('/qa2-results', { token: null, headers: { authorization } });
      expect(refused.status).toBe(401);
    });

    it('403 for a token without the scope, and 200 for a route whose scope it has', async () => {
      expect((await post(JSON.stringify(result), { token: READER })).status).toBe(403);
      expect((await archive.client.refusal('/mails', { token: READER })).status).toBe(403);
      expect((await archive.client.request('/projects', { token: READER })).status).toBe(200);
    });
  });

  describe('bodies', () => {
    it('413 for a body over the limit', async () => {
      expect((await post(JSON.stringify({ ...result, padding: 'x'.repeat(600 * 1024) }))).status).toBe(413);
    });

    it.each([
      ['truncated', '{"project": "2013'],
      ['empty', ''],
      ['not an object', '"PASS"'],
      ['with a trailing comma', '{"project": "2013.1.00001.S",}'],
    ])('400 for JSON that is %s', async (_, body) => {
      expect((await post(body)).status).toBe(400);
    });

    it('400 for an array', async () => {
      expect((await post('[]')).violations?.map(({ pointer }) => pointer)).toEqual(['']);
    });

    it('400 for a name that is not UTF-8', async () => {
      const bytes = new Uint8Array(Buffer.from(JSON.stringify({ ...result, project: 'À' }), 'latin1'));
      expect((await post(bytes)).status).toBe(400);
    });

    it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
      '415 for %s',
      async (type) => {
        expect((await post(JSON.stringify(result), { type })).status).toBe(415);
      },
    );

    it('415 for an unsupported encoding or character set', async () => {
      expect((await post(JSON.stringify(result), { type: 'application/json; charset=klingon' })).status).toBe(415);
    });
  });

  describe('values', () => {
    const part = (): NonNullable<Qa2Result['parts']>[number] => {
      const [first] = result.parts ?? [];
      if (first === undefined) throw new Error('the result has no part');
      return first;
    };
    const cases: [what: string, change: () => object, pointers: string[]][] = [
      ['a uid in capitals', () => ({ scienceGoal: 'uid://A001/X1/XA3' }), ['/scienceGoal']],
      ['a uid with leading zeros', () => ({ scienceGoal: 'uid://A001/X01/X1' }), ['/scienceGoal']],
      ['a uid in file form', () => ({ scienceGoal: 'uid___A001_X1_X1' }), ['/scienceGoal']],
      ['a malformed project code', () => ({ project: '2013.1.999.S' }), ['/project']],
      ['a negative size', () => ({ parts: [{ ...part(), size: -1 }] }), ['/parts/0/size']],
      ['a size that is not an integer', () => ({ parts: [{ ...part(), size: 1.5 }] }), ['/parts/0/size']],
      ['a size in a string', () => ({ parts: [{ ...part(), size: '1000' }] }), ['/parts/0/size']],
      ['a size beyond the safe integers', () => ({ parts: [{ ...part(), size: 2 ** 60 }] }), ['/parts/0/size']],
      ['a SHA-256 in capitals', () => ({ parts: [{ ...part(), sha256: 'A'.repeat(64) }] }), ['/parts/0/sha256']],
      ['a SHA-256 that is too short', () => ({ parts: [{ ...part(), sha256: 'ab' }] }), ['/parts/0/sha256']],
      ['a part name with a directory', () => ({ parts: [{ ...part(), name: '../x.tar' }] }), ['/parts/0/name']],
      ['a part twice', () => ({ parts: [part(), part()] }), ['/parts/1/name']],
      ['no parts', () => ({ parts: undefined }), ['/parts']],
      ['an empty list of parts', () => ({ parts: [] }), ['/parts']],
      ['both parts and a tree', () => ({ tree: { location: 'file:///tmp/tree' } }), ['/tree']],
      ['a location over http', () => ({ parts: [{ ...part(), location: 'http://a/b' }] }), ['/parts/0/location']],
      [
        'a location with a password',
        () => ({ tree: { location: 'https://u:p@a/b' }, parts: undefined }),
        ['/tree/location'],
      ],
      [
        'an S3 key that cannot be decoded',
        () => ({ parts: [{ ...part(), location: 's3://b/%zz' }] }),
        ['/parts/0/location'],
      ],
      ['NUL in a path', () => ({ parts: [{ ...part(), location: 'file:///a%00b' }] }), ['/parts/0/location']],
      [
        'an encoded slash in a path',
        () => ({ parts: [{ ...part(), location: 'file:///a%2fb' }] }),
        ['/parts/0/location'],
      ],
      [
        'a location of 3,000 characters',
        () => ({ parts: [{ ...part(), location: `https://a/${'b'.repeat(3000)}` }] }),
        ['/parts/0/location'],
      ],
      ['a tree on a web server', () => ({ tree: { location: 'https://a/b' }, parts: undefined }), ['/tree/location']],
      [
        'a file location on another host',
        () => ({ parts: [{ ...part(), location: 'file://host/b' }] }),
        ['/parts/0/location'],
      ],
      ['a revision of 0', () => ({ revision: 0 }), ['/revision']],
      ['an unknown outcome', () => ({ outcome: 'PASSED' }), ['/outcome']],
      ['a time without an offset', () => ({ decidedAt: '2014-12-05T08:50:00' }), ['/decidedAt']],
      ['a day that does not exist', () => ({ releaseDate: '2015-02-30' }), ['/releaseDate']],
      ['no recipients', () => ({ recipients: [] }), ['/recipients']],
      ['recipients without a PI', () => ({ recipients: result.recipients.slice(1) }), ['/recipients']],
      [
        'a recipient twice',
        () => ({ recipients: [...result.recipients, result.recipients[0]] }),
        ['/recipients/2/email'],
      ],
      [
        'a mail address with a line break',
        () => ({
          recipients: [{ role: 'pi', name: 'Vera Rubin', email: 'pi@example.org\r\nBcc: all@example.org' }],
        }),
        ['/recipients/0/email'],
      ],
      [
        'a name with a line break',
        () => ({
          recipients: [{ role: 'pi', name: 'Vera\nRubin', email: 'pi@example.org' }],
        }),
        ['/recipients/0/name'],
      ],
      [
        'an execution block twice',
        () => ({ executionBlocks: [...result.executionBlocks, ...result.executionBlocks] }),
        ['/executionBlocks/1/uid'],
      ],
      [
        'half of a surrogate pair in a name',
        () => ({ recipients: [{ role: 'pi', name: 'Henrietta \ud83d', email: 'pi@example.org' }] }),
        ['/recipients/0/name'],
      ],
      [
        'NUL in the name of a scheduling block',
        () => ({
          group: {
            ...result.group,
            members: result.group.members.map((member) => ({
              ...member,
              schedulingBlock: { uid: member.uid, name: 'a\0b' },
            })),
          },
        }),
        ['/group/members/0/schedulingBlock/name', '/group/members/1/schedulingBlock/name'],
      ],
      ['a day of the year 0', () => ({ releaseDate: '0000-01-01' }), ['/releaseDate']],
      ['an unknown field', () => ({ priority: 'high' }), ['/priority']],
      ['an unknown nested field', () => ({ parts: [{ ...part(), 'a/b~c': 1 }] }), ['/parts/0/a~1b~0c']],
      ['a member at the level of the group', () => ({ level: 'group', executionBlocks: [] }), ['/member']],
      ['no member at the level of a member', () => ({ member: undefined }), ['/member']],
      [
        'a group that is its own member',
        () => ({
          group: { ...result.group, uid: result.group.members[0]?.uid },
        }),
        ['/group/uid'],
      ],
    ];
    it.each(cases)('400 for %s', async (_, change, pointers) => {
      const violations = await violationsOf({ ...result, ...change() });
      expect(violations?.map(({ pointer }) => pointer)).toEqual(pointers);
      expect(violations?.every(({ message }) => message.length > 0)).toBe(true);
    });

    it('400 for a member outside its group', async () => {
      const { group } = result;
      const violations = await violationsOf({ ...result, group: { ...group, members: group.members.slice(1) } });
      expect(violations).toEqual([
        { pointer: '/member', message: `${result.member} is not among the members of its group` },
      ]);
    });

    it('400 for a total size that is too large for a disk need', async () => {
      const executionBlocks = result.executionBlocks.map((block) => ({
        ...block,
        asdm: { ...block.asdm, size: 2 ** 50 },
      }));
      expect(await violationsOf({ ...result, executionBlocks })).toEqual([
        { pointer: '/executionBlocks', message: expect.stringContaining('bytes in total') },
      ]);
    });

    it('400 for a member twice', async () => {
      const { group } = result;
      const members = [...group.members, group.members[1]];
      expect(await violationsOf({ ...result, group: { ...group, members } })).toEqual([
        { pointer: '/group/members/2/uid', message: 'repeats /group/members/1/uid' },
      ]);
    });

    it('400 for the delivery of a group with one member', async () => {
      const alone = { uid: result.group.uid, members: result.group.members.slice(0, 1) };
      const violations = await violationsOf({
        ...result,
        level: 'group',
        member: undefined,
        executionBlocks: [],
        group: alone,
      });
      expect(violations?.map(({ pointer }) => pointer)).toEqual(['/group/members']);
    });

    it('lists all faults at once', async () => {
      const violations = await violationsOf({
        ...result,
        project: 'none',
        revision: -1,
        parts: [{ ...part(), size: -1, sha256: 'x' }],
        recipients: [{ role: 'pi', name: '', email: 'nobody' }],
        group: { ...result.group, members: [...result.group.members, result.group.members[0]] },
        surprise: true,
      });
      expect(violations?.map(({ pointer }) => pointer).sort()).toEqual([
        '/group/members/2/uid',
        '/parts/0/sha256',
        '/parts/0/size',
        '/project',
        '/recipients/0/email',
        '/recipients/0/name',
        '/revision',
        '/surprise',
      ]);
    });

    it('limits the length of the answer', async () => {
      const problem = await post(JSON.stringify({ ...result, parts: Array<number>(900).fill(1) }));
      expect(problem.violations?.length).toBe(200);
    });
  });

  describe('requests', () => {
    const id = '00000000-0000-4000-8000-000000000000';
    it.each([
      '/no-such-route',
      '/projects/2013.1.99999.S',
      '/ous/uid___A001_Xffff_X1',
      '/ous/uid___A001_Xffff_X1/asdms',
      `/qa2-results/${id}`,
      `/deliveries/${id}`,
      `/deliveries/${id}/report`,
      `/deliveries/${id}/files`,
      `/deliveries/${id}/files/2013.1.00001.S/README`,
      `/deliveries/${id}/parts/a.tar`,
      `/mails/${id}`,
    ])('404 for %s', async (path) => {
      expect((await archive.client.refusal(path)).status).toBe(404);
    });

    it.each([
      ['/qa2-results/not-a-uuid', ''],
      ['/deliveries/not-a-uuid', ''],
      ['/projects/2013', ''],
      ['/ous/uid:A001', ''],
      ['/projects?limit=0', '/limit'],
      ['/projects?limit=1001', '/limit'],
      ['/projects?limit=many', '/limit'],
      ['/projects?cursor=nonsense', '/cursor'],
      [`/mails?cursor=${Buffer.from('["a"]').toString('base64url')}`, '/cursor'],
      [`/qa2-results?cursor=${Buffer.from('[1,2]').toString('base64url')}`, '/cursor'],
      [`/ous/uid___A001_X1_X1/deliveries?cursor=${Buffer.from('["x"]').toString('base64url')}`, '/cursor'],
      ['/mails?ous=uid___A001_X1_X1', '/ous'],
      [`/deliveries/${id}/files?item=8`, '/item'],
      [`/deliveries/${id}/files?role=%00`, '/role'],
      [`/deliveries/${id}/files?cursor=${cursorOf('a\0b')}`, '/cursor'],
      [`/projects?cursor=${cursorOf('\0')}`, '/cursor'],
      [`/qa2-results?cursor=${cursorOf('9223372036854775808')}`, '/cursor'],
      [`/mails?cursor=${cursorOf('9999999999999999999')}`, '/cursor'],
      [`/raw-requests?cursor=${cursorOf('9223372036854775808')}`, '/cursor'],
      [`/upkeep/dead-letters?cursor=${cursorOf('9223372036854775808')}`, '/cursor'],
      [`/upkeep/scrubs?cursor=${cursorOf('9223372036854775808')}`, '/cursor'],
      [`/ous/uid___A001_X1_X1/deliveries?cursor=${cursorOf(2 ** 31)}`, '/cursor'],
      [`/deliveries/${id}/files/a%00b`, ''],
      [`/deliveries/${id}/parts/a%00b`, ''],
      [`/deliveries/${id}/parts/a%00b/link`, ''],
      [`/raw-requests/${id}/files/a%00b`, ''],
      [`/raw-requests/a%00b/download.sh`, ''],
      [`/deliveries/${id}?link=%00`, '/link'],
    ])('400 for %s, pointing at "%s"', async (path, pointer) => {
      const problem = await archive.client.refusal(path);
      expect(problem.status).toBe(400);
      expect(problem.violations?.map((violation) => violation.pointer)).toEqual([pointer]);
    });

    it('400 for NUL in the uid that the right to raw data is about', async () => {
      const body = JSON.stringify({ ous: 'uid://A001/X1/X\0' });
      const problem = await archive.client.refusal('/raw-requests', { method: 'POST', headers: JSON_TYPE, body });
      expect(problem.violations?.map(({ pointer }) => pointer)).toEqual(['/ous']);
    });

    it.each([
      ['/qa2-results', 'PUT', 'GET, HEAD, OPTIONS, POST'],
      ['/projects/2013.1.00001.S', 'DELETE', 'GET, HEAD, OPTIONS'],
      ['/links/a', 'GET', 'DELETE, OPTIONS'],
      ['/health/live', 'POST', 'GET, HEAD, OPTIONS'],
    ])('405 for another method of %s, with Allow; OPTIONS has the same', async (path, method, allow) => {
      const refused = await archive.client.request(path, { method });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
      expect(await refused.json()).toMatchObject({ status: 405, code: 'http.method-not-allowed' });
      const asked = await archive.client.request(path, { method: 'OPTIONS', token: null });
      expect([asked.status, asked.headers.get('allow')]).toEqual([204, allow]);
    });

    it('answers a malformed request without details', async () => {
      const problem = await archive.client.refusal('/deliveries/%E0%A4%A');
      expect(problem.status).toBe(400);
      expect(z.object({ stack: z.string() }).safeParse(problem).success).toBe(false);
    });
  });
});
