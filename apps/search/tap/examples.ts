import { xmlText } from '@almagest/votable';

/** A query that people and programs can start from; a test runs each. */
export interface Example {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly adql: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    id: 'position',
    name: 'What is there at this position',
    text: 'Observations whose footprint contains a position, the sharpest first. s_region is the footprint of the images.',
    adql: `SELECT target_name, s_resolution, band_list, frequency, member_ous_uid, data_rights
FROM ivoa.obscore
WHERE CONTAINS(POINT('ICRS', 266.417, -29.008), s_region) = 1
ORDER BY s_resolution`,
  },
  {
    id: 'cone',
    name: 'Around a position, in one band',
    text: 'Band 6 observations whose footprint touches a circle with a radius of 10 arcminutes. Angles are degrees.',
    adql: `SELECT * FROM ivoa.obscore
WHERE INTERSECTS(CIRCLE('ICRS', 83.82, -5.39, 10.0 / 60), s_region) = 1 AND band_list LIKE '%6%'`,
  },
  {
    id: 'line',
    name: 'A spectral line',
    text: 'Spectral windows that cover CO(2-1) at rest, with channels finer than 1 km/s. em_min and em_max are wavelengths in metres, so that the smaller one is the higher frequency.',
    adql: `SELECT target_name, obs_id, frequency, velocity_resolution FROM ivoa.obscore
WHERE em_min <= 299792458 / 230.538e9 AND em_max >= 299792458 / 230.538e9 AND velocity_resolution < 1000`,
  },
  {
    id: 'project',
    name: 'A project, and what was published of it',
    text: 'The MemberOUSs of a project with their release dates, and the papers that use them.',
    adql: `SELECT DISTINCT proposal_id, obs_title, member_ous_uid, obs_release_date, bib_reference
FROM ivoa.obscore WHERE proposal_id = '2013.1.09999.S'`,
  },
  {
    id: 'asdm',
    name: 'The raw data of a MemberOUS',
    text: 'Every execution block, used in the products (T) or additional (F), with its start (MJD) and its precipitable water vapour (mm).',
    adql: `SELECT asdm_uid, used, t_min, t_exptime, pwv FROM alma.asdm
WHERE member_ous_uid = 'uid://A001/X1/Xa3' ORDER BY t_min`,
  },
  {
    id: 'files',
    name: 'The products of a MemberOUS, with their digests',
    text: 'The images with primary beam correction. A download is right if it has this SHA-256. Only the files of public deliveries are listed.',
    adql: `SELECT path, file_size, sha256 FROM alma.file
WHERE member_ous_uid = 'uid://A001/X1/Xa3' AND role = 'image.pbcor'`,
  },
];

/** Forms of a result that a browser can show or a table program can open. */
const FORMS = { CSV: 'csv', VOTable: 'votable', 'JSON Lines': 'jsonl' };
const STYLE = `body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
pre { padding: 0.8rem 1rem; white-space: pre-wrap; border: 1px solid #8886; border-radius: 4px; background: #8881; }
h2 { margin: 2rem 0 0; font-size: 1.2rem; }
:root { color-scheme: light dark; }`;

/** Returns the page of examples, which people read and programs take the queries from (DALI 1.1, 2.3). */
export function examplesPage(): string {
  const contents = EXAMPLES.map(({ id, name }) => `<li><a href="#${id}">${xmlText(name)}</a></li>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
<head>
<title>Examples of queries</title>
<meta name="viewport" content="width=device-width"/>
<style>${STYLE}</style>
</head>
<body vocab="http://www.ivoa.net/rdf/examples#">
<h1>Examples of queries</h1>
<p>The archive answers queries in ADQL, the SQL of astronomy, about its observations, execution blocks and files. Run
these here, or change them and run them with pyvo, astroquery, TOPCAT or any other TAP client. The address for clients is
the one of this page without <code>/examples</code>; <a href="tables">tables</a> describes every table and column.</p>
<ul>
${contents.join('\n')}
</ul>
${EXAMPLES.map(exampleElement).join('')}</body>
</html>
`;
}

function exampleElement({ id, name, text, adql }: Example): string {
  const links = Object.entries(FORMS).map(([form, format]) => {
    const query = new URLSearchParams({ LANG: 'ADQL', QUERY: adql, RESPONSEFORMAT: format });
    return `<a href="sync?${xmlText(query.toString())}">${form}</a>`;
  });
  return `<div typeof="example" id="${id}" resource="#${id}">
<h2 property="name">${xmlText(name)}</h2>
<p>${xmlText(text)}</p>
<pre property="query">${xmlText(adql)}</pre>
<p>Run it: ${links.join(', ')}</p>
</div>
`;
}
