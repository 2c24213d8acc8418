import type { OpenAPIObject } from '@nestjs/swagger';

/** An example of each request body, by the name of its schema. */
export const BODY_EXAMPLES: Readonly<Record<string, object>> = {
  Qa2Result: {
    project: '2013.1.09999.S',
    level: 'member',
    scienceGoal: 'uid://A001/X1/Xa1',
    group: {
      uid: 'uid://A001/X1/Xa2',
      members: [
        { uid: 'uid://A001/X1/Xa3', array: '12m' },
        { uid: 'uid://A001/X1/Xa4', array: '7m' },
      ],
    },
    member: 'uid://A001/X1/Xa3',
    revision: 1,
    outcome: 'PASS',
    decidedAt: '2014-12-01T15:20:00Z',
    executionBlocks: [
      {
        uid: 'uid://A002/X1/Xb1',
        use: 'used',
        asdm: { size: 3_819_520, location: 'file:///data/raw/2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar' },
      },
    ],
    parts: [
      {
        name: '2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar',
        location: 'file:///data/qa2/2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar',
        size: 5_580_800,
        sha256: '597592ab5b37e299192016884212d4817b75e539509a2247c20b80e6b056db52',
      },
    ],
    recipients: [{ role: 'pi', name: 'Henrietta Leavitt', email: 'hleavitt@example.org' }],
    releaseDate: '2015-12-19',
  },
  ProjectMetadata: {
    revision: 1,
    title: 'Molecular gas in the centre of NGC 9999',
    abstract: 'We propose to map CO(2-1) in the central kiloparsec of NGC 9999.',
    pi: { name: 'Henrietta Leavitt', userId: 'hleavitt' },
    coInvestigators: ['Annie Cannon'],
    showNames: true,
    scienceCategory: 'Active galaxies',
    scienceKeywords: ['Galactic centres/nuclei'],
    scienceGoals: [{ uid: 'uid://A001/X1/Xa1', sensitivity: 1.5, bandwidth: 7_690_000 }],
    executionBlocks: [
      {
        uid: 'uid://A002/X1/Xb1',
        start: '2014-11-23T10:00:00Z',
        exposure: 1814.4,
        pwv: 0.9,
        antennas: ['A109:DV01', 'A045:DA41'],
      },
    ],
    publications: [
      {
        bibcode: '2015ApJ...808L...3A',
        title: 'Molecular gas in NGC 9999',
        authors: ['Leavitt, H.', 'Cannon, A.'],
        year: 2015,
      },
    ],
  },
  RawRequest: {
    ous: 'uid://A001/X1/Xa3',
    asdms: 'used',
    notify: { name: 'Henrietta Leavitt', email: 'hleavitt@example.org' },
  },
  DeliveryLinkRequest: { days: 90 },
  ReconciliationRequest: { repair: false },
  Bounce: { message: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n...' },
};

/** An example of each parameter of a path, by the beginning of the path and the name of the parameter. */
const PARAMETER_EXAMPLES: readonly [path: string, name: string, example: string][] = [
  ['/upkeep/dead-letters/', 'id', '17'],
  ['/raw-requests/', 'name', '2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar'],
  ['/registry/', 'record', 'archive'],
  ['/', 'id', '0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11'],
  ['/', 'name', '2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar'],
  ['/', 'path', '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/README'],
  ['/', 'uid', 'uid___A001_X1_Xa3'],
  ['/', 'code', '2013.1.09999.S'],
];

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/**
 * Adds an example to each request body and each parameter of a path that states none itself.
 * @throws Error for one that has no example here
 */
export function addExamples({ paths }: OpenAPIObject): void {
  for (const [path, operations] of Object.entries(paths)) {
    for (const { parameters = [], requestBody } of Object.values(operations) as Operation[]) {
      for (const parameter of parameters) {
        if (!('in' in parameter)) continue;
        const { schema } = parameter;
        if (schema !== undefined && 'example' in schema) parameter.example = schema.example as unknown;
        else if (parameter.in === 'path') parameter.example = parameterExample(path, parameter.name);
      }
      for (const media of Object.values(
        requestBody !== undefined && 'content' in requestBody ? requestBody.content : {},
      )) {
        media.example = bodyExample(media.schema);
      }
    }
  }
}

function parameterExample(path: string, name: string): string {
  const [, , example] =
    PARAMETER_EXAMPLES.find(([start, parameter]) => path.startsWith(start) && parameter === name) ?? [];
  if (example === undefined) throw new Error(`no example for {${name}} of ${path}: add it to PARAMETER_EXAMPLES`);
  return example;
}

function bodyExample(schema: object | undefined): unknown {
  if (schema !== undefined && 'example' in schema) return schema.example;
  const name = schema !== undefined && '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
  const example = BODY_EXAMPLES[name ?? ''];
  if (example === undefined) throw new Error(`no example of the request body ${name}: add it to BODY_EXAMPLES`);
  return example;
}
