import { Archive } from '../../acceptance/harness/archive';
import { SAMPLE, sampleResult } from '../../acceptance/harness/sample';
import { waitFor } from '../../harness/wait-for';

/** What the files of the sample do not say. */
const METADATA = {
  revision: 1,
  title: 'The clouds of NGC 9999',
  abstract: 'We map the molecular gas of a galaxy and its clouds.',
  scienceKeywords: ['Spiral galaxies'],
  scienceCategory: 'Galaxy evolution',
  pi: { name: 'Henrietta Leavitt', userId: 'hleavitt' },
  coInvestigators: ['Annie Cannon'],
  showNames: true,
  executionBlocks: [
    { uid: 'uid://A002/X1/Xb1', start: '2014-12-03T08:44:00Z', exposure: 240, pwv: 0.8 },
    { uid: 'uid://A002/X1/Xb3', start: '2014-12-05T08:44:00Z', exposure: 300, pwv: 1.9 },
  ],
  publications: [
    {
      bibcode: '2015ApJ...808L...3A',
      title: 'A cloud, resolved',
      authors: ['Leavitt, H.', 'Payne, C.'],
      year: 2015,
      abstract: 'We measured the clouds.',
    },
  ],
};

/** Starts an archive with the sample deliveries and metadata of their project, and waits until search shows both. */
export async function startSampleArchive(): Promise<Archive> {
  const archive = await Archive.start({
    env: {
      REGISTRY_AUTHORITY: 'archive.example',
      REGISTRY_PUBLISHER: 'Almagest',
      REGISTRY_CONTACT: 'archive@example.org',
    },
  });
  const { client } = archive;
  for (const name of Object.keys(SAMPLE)) await client.deliver(sampleResult(name as keyof typeof SAMPLE));
  const recorded = await client.request('/projects/2013.1.09999.S/metadata', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(METADATA),
  });
  if (!recorded.ok) throw new Error(await recorded.text());
  const QUERY = 'SELECT DISTINCT obs_title, access_url FROM ivoa.obscore WHERE obs_title IS NOT NULL';
  await waitFor('search to show the deliveries with their title', async () => {
    const query = new URLSearchParams({ QUERY, FORMAT: 'tsv' });
    const text = await (await client.request(`/tap/sync?${query.toString()}`, { token: null })).text();
    return text.trimEnd().split('\n').length === 4;
  });
  return archive;
}
