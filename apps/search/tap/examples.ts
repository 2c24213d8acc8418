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
    text: 'Observations whose footprint contains a position, the sharpest first.',
    adql: `SELECT target_name, s_resolution, band_list, frequency, member_ous_uid, data_rights
FROM ivoa.obscore
WHERE CONTAINS(POINT('ICRS', 266.417, -29.008), s_region) = 1
ORDER BY s_resolution`,
  },
  {
    id: 'cone',
    name: 'Around a position, in one band',
    text: 'Band 6 observations whose footprint touches a circle of 10 arcminutes.',
    adql: `SELECT * FROM ivoa.obscore
WHERE INTERSECTS(CIRCLE('ICRS', 83.82, -5.39, 10.0 / 60), s_region) = 1 AND band_list LIKE '%6%'`,
  },
  {
    id: 'line',
    name: 'A spectral line',
    text: 'Observations that cover the rest frequency of CO(2-1), finer than 1 km/s.',
    adql: `SELECT target_name, obs_id, frequency, velocity_resolution FROM ivoa.obscore
WHERE em_min <= 299792458 / 230.538e9 AND em_max >= 299792458 / 230.538e9 AND velocity_resolution < 1000`,
  },
  {
    id: 'project',
    name: 'A project, and what was published of it',
    text: 'The MemberOUSs of a project with their release dates.',
    adql: `SELECT DISTINCT proposal_id, obs_title, member_ous_uid, obs_release_date, bib_reference
FROM ivoa.obscore WHERE proposal_id = '2013.1.09999.S'`,
  },
  {
    id: 'asdm',
    name: 'The raw data of a MemberOUS',
    text: 'Every execution block, with its precipitable water vapour.',
    adql: `SELECT asdm_uid, used, t_min, t_exptime, pwv FROM alma.asdm
WHERE member_ous_uid = 'uid://A001/X1/Xa3' ORDER BY t_min`,
  },
  {
    id: 'files',
    name: 'The products of a MemberOUS, with their digests',
    text: 'Only the files of public deliveries are listed.',
    adql: `SELECT path, file_size, sha256 FROM alma.file
WHERE member_ous_uid = 'uid://A001/X1/Xa3' AND role = 'image.pbcor'`,
  },
];

/** Returns the page of examples (DALI 1.1, 2.3). */
export function examplesPage(): string {
  const examples = EXAMPLES.map(
    ({ id, name, text, adql }) =>
      `<div typeof="example" id="${id}" resource="#${id}">\n<h2 property="name">${xmlText(name)}</h2>\n` +
      `<p>${xmlText(text)}</p>\n<pre property="query">${xmlText(adql)}</pre>\n</div>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title>Almagest: examples of queries</title></head>
<body vocab="http://www.ivoa.net/rdf/examples#">
<h1>Examples of queries</h1>
<p>Run them with any TAP client, or with the parameter <code>QUERY</code> of <code>sync</code> beside this page.</p>
${examples.join('')}</body>
</html>
`;
}
