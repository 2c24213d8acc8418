/** The ObsUnitSets of the sample project: the GroupOUS, and the MemberOUSs of the 12 m and the 7 m array. */
export const GROUP = 'uid://A001/X1/Xa2';
export const MEMBER_12M = 'uid://A001/X1/Xa3';
export const MEMBER_7M = 'uid://A001/X1/Xa4';
export const ALL = [GROUP, MEMBER_12M, MEMBER_7M];
/** What alminer shows: the MemberOUS of each row, which a GroupOUS does not have. */
const MEMBERS = ['', MEMBER_12M, MEMBER_7M];

const matching = (names: readonly string[], value: unknown): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, value]));

/** The results of `astroquery_calls.py`. */
export const ASTROQUERY_CALLS = {
  ...matching(
    [
      'query_region',
      'query_object',
      'ra_dec range',
      'galactic',
      'source_name_alma',
      'band',
      'frequency',
      'bandwidth',
      'fov',
      'spectral_resolution',
      'em_resolution',
      'start_date',
      'polarisation_type',
      'continuum_sensitivity',
      'project_code',
      'project_title',
      'pi_name',
      'proposal_authors',
      'project_abstract',
      'science_keyword',
      'bibcode',
      'pub_title',
      'first_author',
      'authors',
      'pub_abstract',
      'publication_year',
    ],
    ALL,
  ),
  ...matching(
    [
      'query_region elsewhere',
      'proprietary',
      'calibration',
      'ra_dec range around 0 h',
      'source with underscore',
      'other band',
      'spatial_scale_max',
    ],
    [],
  ),
  spatial_resolution: [GROUP, MEMBER_12M],
  integration_time: [MEMBER_12M, MEMBER_7M],
  line_sensitivity: [GROUP, MEMBER_12M],
  water_vapour: [MEMBER_12M],
  legacy_columns: expect.arrayContaining(['Project code', 'Observation date', 'PI name', 'PWV']) as unknown,
  maxrec: 2,
  query_tap: 6,
  'query_tap with a table': 6,
  help_tap: expect.arrayContaining(['obs_publisher_did', 's_region', 'lastModified']) as unknown,
  is_proprietary: false,
  enhanced: ['CircleSkyRegion', 'PolygonSkyRegion'],
};

/** The results of `alminer_calls.py`. */
export const ALMINER_CALLS = {
  ...matching(
    [
      'conesearch',
      'conesearch at a point',
      'conesearch published',
      'target',
      'catalog',
      'keysearch',
      'keysearch in texts',
      'line_coverage',
    ],
    MEMBERS,
  ),
  ...matching(['conesearch proprietary', 'keysearch without result'], []),
  run_query: 6,
  download_data: ['NGC9999.CO_21.pbcor.fits', 'NGC9999.cont.pbcor.fits'],
  get_units: 'Hz',
  get_description: 'Angular resolution: geometric mean of the axes of the beam',
};
