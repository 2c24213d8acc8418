import type { Failpoint } from '@almagest/platform';
import { Archive } from '../acceptance/harness/archive';
import { waitFor } from '../harness/wait-for';

const QUERY = "SELECT table_name FROM TAP_SCHEMA.tables WHERE schema_name = 'ivoa'";

describe('an asynchronous query in an archive that is killed', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  it.each<Failpoint>(['search.job-begun', 'search.result-stored'])(
    'runs again after a crash at %s, and has one result',
    async (point) => {
      archive = await Archive.start({ failpoint: point });
      const running = archive;
      const post = (path: string, form: Record<string, string>): Promise<Response> =>
        running.client.request(path, {
          token: null,
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(form).toString(),
        });
      const created = await post('/tap/async', { QUERY, FORMAT: 'csv' });
      const { pathname } = new URL(created.headers.get('location') ?? '');
      const starting = post(`${pathname}/phase`, { PHASE: 'RUN' }).catch(() => null);
      expect(await archive.died()).toEqual({ code: null, signal: 'SIGKILL' });
      await starting;
      await archive.launch();
      const text = async (path: string): Promise<string> =>
        (await running.client.request(`${pathname}${path}`, { token: null })).text();
      await waitFor('the query to end', async () => (await text('?WAIT=-1')).includes('>COMPLETED<'));
      expect(await text('/results/result')).toBe('table_name\r\nivoa.obscore\r\n');
      expect(await archive.stored('search')).toHaveLength(1);
      expect(await archive.unfinishedUploads()).toBe(0);
    },
  );
});
