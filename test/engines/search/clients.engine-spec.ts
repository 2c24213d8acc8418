import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Archive } from '../../acceptance/harness/archive';
import { SAMPLE, sampleResult } from '../../acceptance/harness/sample';
import { waitFor } from '../../harness/wait-for';

const run = promisify(execFile);
const ENGINES = join(__dirname, '..');

describe('the clients of astronomers, unmodified', () => {
  let archive: Archive;
  let python: string;

  beforeAll(async () => {
    python = execFileSync(process.execPath, [join(ENGINES, 'python.mjs'), 'clients'])
      .toString()
      .trim();
    archive = await Archive.start();
    for (const name of Object.keys(SAMPLE)) await archive.client.deliver(sampleResult(name as keyof typeof SAMPLE));
    await waitFor('search to show the deliveries', async () => {
      const query = new URLSearchParams({ QUERY: 'SELECT DISTINCT access_url FROM ivoa.obscore', FORMAT: 'tsv' });
      const text = await (await fetch(`${archive.client.url}/tap/sync?${query.toString()}`)).text();
      return text.trimEnd().split('\n').length === 4;
    });
  });
  afterAll(() => archive.remove());

  it('query, describe and count with pyvo and astroquery', async () => {
    const { stdout } = await run(python, [join(__dirname, 'clients.py'), archive.client.url]);
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    expect(seen).toMatchObject({
      top: 2,
      region: 'O',
      overflow: [1, 'OVERFLOW'],
      available: true,
      maxrec: 10_000_000,
      tables: expect.arrayContaining(['ivoa.obscore', 'alma.asdm', 'TAP_SCHEMA.columns']) as unknown,
      described: (seen['columns'] as string[]).length,
      error: expect.stringContaining('did you mean obs_id?') as unknown,
    });
    expect(seen['columns']).toHaveLength(72);
    expect(seen['columns']).toContain('lastModified');
    expect((seen['binary'] as string[]).length).toBe(seen['astroquery']);
    // Each example runs; the project, its ASDMs and its files are those of the sample.
    expect(seen['examples']).toEqual([0, 0, 0, 3, 2, expect.any(Number)]);
  });
});
