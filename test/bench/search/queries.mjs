/**
 * The measured kinds of query, with the rows that each must give, found by going through every footprint, window and
 * abstract. Targets are milliseconds, for one client and for eight: five and eight times ahead of DaCHS 2.7.
 */
import { offset, touches, vector } from './geometry.mjs';
import { Random } from './random.mjs';
import { projectMetadata, RARE_WORDS, rareWord } from './texts.mjs';

const LIGHT_SPEED = 299_792_458;
const NEAR = 10 / 60;
/** Positions in an uploaded table. */
const UPLOADED = 20;
const NARROW = 'obs_id, proposal_id, target_name, s_ra, s_dec, em_min, em_max';

/** @returns {{ name: string, targets: (number | null)[], make: () => { adql: string, upload?: string, ids?: () => string[], table?: string[] } }[]} */
export function queryKinds(observatory) {
  const random = new Random(7);
  const { regions, mouss, projects } = observatory;
  const all = regions.flatMap((region) =>
    region.windows.map((window) => ({ id: idOf(region, window), region, window })),
  );
  const where = (condition, ids, columns = '*') => ({
    adql: `SELECT ${columns} FROM ivoa.obscore WHERE ${condition}`,
    ids,
  });
  const idsOf = (chosen) => chosen.flatMap((region) => region.windows.map((window) => idOf(region, window)));

  // Most footprints are too far north or south: of these nothing else is read. A radian has more than 57 degrees.
  const heights = Float64Array.from(regions, ({ centre }) => centre[2]);
  const reaches = Float64Array.from(regions, (region) => region.radius);
  const touching = (position, radius) =>
    regions.filter(
      (region, index) =>
        Math.abs(heights[index] - position[2]) <= (reaches[index] + radius) / 57 && touches(region, position, radius),
    );

  const around = (radius) => () => {
    const { position } = random.pick(regions);
    const [ra, dec] = pointIn({ position, radius });
    const centre = vector(Number(ra), Number(dec));
    const ids = () => idsOf(touching(centre, radius));
    return where(`INTERSECTS(CIRCLE('ICRS', ${ra}, ${dec}, ${radius}), s_region) = 1`, ids);
  };
  const pointIn = ({ position, radius }) =>
    offset(position, random.between(0, radius), random.between(0, 6.28)).map((value) => value.toFixed(6));
  const covering = ([ra, dec]) => idsOf(touching(vector(Number(ra), Number(dec)), 0));
  const point = () => {
    const [ra, dec] = pointIn(random.pick(regions));
    return where(`CONTAINS(POINT('ICRS', ${ra}, ${dec}), s_region) = 1`, () => covering([ra, dec]));
  };
  const joined = () => {
    const points = Array.from({ length: UPLOADED }, () => pointIn(random.pick(regions)));
    return {
      adql:
        'SELECT u.number, o.obs_id, o.target_name, o.s_resolution FROM TAP_UPLOAD.points AS u ' +
        "JOIN ivoa.obscore AS o ON CONTAINS(POINT('ICRS', u.ra, u.dec), o.s_region) = 1",
      upload: ['number,ra,dec', ...points.map(([ra, dec], index) => `${index},${ra},${dec}`), ''].join('\r\n'),
      ids: () => points.flatMap(covering),
    };
  };
  const frequency = () => {
    const { low, high } = random.pick(random.pick(mouss).windows);
    const metres = (LIGHT_SPEED / random.between(low, high)).toPrecision(9);
    const covers = ({ window }) => LIGHT_SPEED / window.high <= metres && LIGHT_SPEED / window.low >= metres;
    return where(`em_min <= ${metres} AND em_max >= ${metres}`, () => all.filter(covers).map(({ id }) => id), NARROW);
  };
  const abstracts = abstractsOf(projects);
  const abstract = () => {
    const word = rareWord(RARE_WORDS / 2 + random.below(RARE_WORDS / 2));
    const ids = () => {
      const found = new Set(projects.filter((_, index) => abstracts[index].includes(word)));
      return idsOf(regions.filter(({ mous }) => found.has(mous.project)));
    };
    return where(`proposal_abstract LIKE '%${word}%'`, ids);
  };
  const bands = countBy(all, ({ region }) => String(region.mous.band));
  const latest = mouss.reduce((most, { start }) => Math.max(most, start.getTime()), 0) / 86_400_000 + 40_587;

  return [
    { name: 'point in region', targets: [11, 65], make: point },
    {
      name: 'project',
      targets: [28, 140],
      make: () => {
        const project = random.pick(mouss).project;
        return where(`proposal_id = '${project}'`, () => idsOf(regions.filter(({ mous }) => mous.project === project)));
      },
    },
    {
      name: 'MemberOUS',
      targets: [18, 100],
      make: () => {
        const { uid, sources } = random.pick(mouss);
        return where(`member_ous_uid = '${uid}'`, () => idsOf(sources));
      },
    },
    { name: "cone of 10'", targets: [40, 400], make: around(NEAR) },
    { name: 'cone of 1 deg', targets: [300, 700], make: around(1) },
    { name: 'frequency cover', targets: [62, 144], make: frequency },
    { name: 'upload join', targets: [47, 168], make: joined },
    { name: 'abstract word', targets: [812, 3561], make: abstract },
    {
      name: 'count',
      targets: [110, null],
      make: () => ({ adql: 'SELECT COUNT(*) FROM ivoa.obscore', table: [String(all.length)] }),
    },
    {
      name: 'group by band',
      targets: [580, null],
      make: () => ({
        adql: 'SELECT band_list, COUNT(*) FROM ivoa.obscore GROUP BY band_list ORDER BY band_list',
        table: [...bands].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([band, count]) => [band, String(count)]),
      }),
    },
    {
      name: 'order by time',
      targets: [100, null],
      make: () => ({
        adql: 'SELECT TOP 1000 t_min, obs_id FROM ivoa.obscore ORDER BY t_min DESC',
        first: latest,
        count: Math.min(1000, all.length),
      }),
    },
    {
      name: 'order by resolution',
      targets: [100, null],
      make: () => ({
        adql: 'SELECT TOP 1000 s_resolution, obs_id FROM ivoa.obscore ORDER BY s_resolution',
        first: null,
        count: Math.min(1000, all.length),
      }),
    },
  ];
}

/** @throws Error when the TABLEDATA document of an answer is not what the query must give */
export function check({ adql, ids, table, first, count }, text) {
  const fail = (what) => {
    throw new Error(`${adql}: ${what}; the answer begins ${text.slice(0, 300)}`);
  };
  if (!text.endsWith('</VOTABLE>\n') || /value="(?:ERROR|OVERFLOW)"/.test(text)) fail('it is not complete');
  if (ids !== undefined) {
    const found = [...text.matchAll(/<TD>(uid:[^<]*\.source\.[^<]*)<\/TD>/g)].map(([, id]) => id).sort();
    const expected = ids().sort();
    if (found.join() !== expected.join()) fail(`${found.length} rows and not the ${expected.length} expected`);
    return found.length;
  }
  const cells = [...text.matchAll(/<TD>([^<]*)<\/TD>/g)].map(([, cell]) => cell);
  if (table !== undefined && cells.join() !== table.join()) fail(`${cells.join()} and not ${table.join()}`);
  if (count !== undefined) {
    const order = cells.filter((_, index) => index % 2 === 0).map(Number);
    if (order.length !== count) fail(`${order.length} rows`);
    const ordered = first === null ? order.toSorted((a, b) => a - b) : order.toSorted((a, b) => b - a);
    if (order.join() !== ordered.join()) fail('the rows have another order');
    if (first !== null && Math.abs(order[0] - first) > 1e-6) fail(`the first is ${order[0]} and not ${first}`);
  }
  return table === undefined ? count : 1;
}

function idOf({ mous, source }, { number }) {
  return `${mous.uid}.source.${source}.spw.${number}`;
}

/** The same texts as those that were loaded. */
function abstractsOf(projects) {
  const random = new Random(1);
  return projects.map(() => projectMetadata(random).abstract);
}

function countBy(list, keyOf) {
  const counts = new Map();
  for (const element of list) counts.set(keyOf(element), (counts.get(keyOf(element)) ?? 0) + 1);
  return counts;
}
