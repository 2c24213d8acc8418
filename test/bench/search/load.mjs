import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { fileForm } from '../small-delivery.mjs';
import { copyRows } from './copy.mjs';
import { Random } from './random.mjs';
import { projectMetadata } from './texts.mjs';

const require = createRequire(import.meta.url);
const { observationRows } = require('../../../dist/apps/search/content/observations.js');
const { projectRow } = require('../../../dist/apps/search/content/project-facts.js');
const { footprintOf } = require('../../../dist/libs/adql/index.js');

const FILES_PER_MOUS = 8;
const ANTENNAS = 43;

/** Connects to the database of an archive that runs with the embedded server. */
export async function connect(home) {
  const password = (await readFile(join(home, 'postgres-password'), 'utf8')).trim();
  const port = Number((await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3]);
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'almagest', database: 'almagest', password });
  // When loading fails, the archive stops, and this connection with it: the reason must still be printed.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Fills the tables that queries read, unless they have rows. Rows of ivoa.obscore are those that a delivery gives. */
export async function load(client, observatory) {
  const { rows: found } = await client.query('SELECT 1 FROM search.observation LIMIT 1');
  if (found.length > 0) return;
  const begun = performance.now();
  const { rows: indexes } = await client.query(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
      WHERE schemaname = 'search' AND tablename = 'observation' AND indexname NOT LIKE '%pkey'`,
  );
  await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '512MB'`);
  for (const { name } of indexes) await client.query(`DROP INDEX search.${name}`);
  await copyRows(client, 'project', projectsOf(observatory));
  await copyRows(client, 'mous', observatory.mouss.map(mousRow));
  await copyRows(client, 'execution_block', flat(observatory.mouss, blocksOf));
  await copyRows(client, 'file', flat(observatory.mouss, filesOf));
  await copyRows(client, 'observation', flat(observatory.mouss, observationsOf));
  const copied = performance.now();
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  const [copying, indexing] = [copied - begun, performance.now() - copied].map((time) => (time / 1000).toFixed(0));
  console.log(`loaded in ${copying} s, and ${indexing} s for indexes and statistics`);
}

/** Brings the rows into the buffers of the server, where those of an archive in service are; a scan of the table would not. */
export async function warmUp(client) {
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off');
  await client.query('SELECT count(t_min) FROM (SELECT t_min FROM search.observation ORDER BY obs_id) AS every_row');
}

function* flat(list, rowsOf) {
  for (const element of list) yield* rowsOf(element);
}

function* projectsOf({ projects }) {
  const random = new Random(1);
  for (const code of projects) yield { code, ...projectRow(projectMetadata(random)) };
}

function mousRow({ uid, array, sources }) {
  return {
    ous: uid,
    schedblock_name: `${sources[0].source}_a_06_${array === '12m' ? 'TM1' : '7M'}`,
    asdm_uid: uid.replace('A001', 'A002'),
    antenna_arrays: antennasOf(array),
  };
}

function antennasOf(array) {
  const count = array === '12m' ? ANTENNAS : 10;
  return Array.from(
    { length: count },
    (_, n) => `A${String(n + 1).padStart(3, '0')}:DV${String(n + 1).padStart(2, '0')}`,
  ).join(' ');
}

function* blocksOf({ uid, project, array, start, sources }) {
  for (let number = 0; number < 1 + (sources.length % 3); number++) {
    yield {
      member_ous_uid: uid,
      asdm_uid: `${uid.replace('A001', 'A002')}${number === 0 ? '' : number}`,
      proposal_id: project,
      used: 'T',
      asdm_size: 12_345_678_901,
      stated: {},
      t_min: mjd(start) + number,
      t_exptime: 1800,
      pwv: 1.2,
      antenna_arrays: antennasOf(array),
    };
  }
}

function* filesOf({ uid, project, start, sources }) {
  for (let number = 0; number < FILES_PER_MOUS; number++) {
    yield {
      ous: uid,
      path: filePath(project, uid, sources[0], { number: 17 + 2 * number }),
      member_ous_uid: uid,
      group_ous_uid: groupOf(uid),
      proposal_id: project,
      part: `${project}_${fileForm(uid)}_001_of_001.tar`,
      role: 'image.pbcor',
      file_size: 123_456_789,
      sha256: '0123456789abcdef'.repeat(4),
      release_date: releaseDate(start),
    };
  }
}

function filePath(project, uid, { source }, { number }) {
  const member = `member.${fileForm(uid)}`;
  return `${project}/${member}/product/${member}.${source}_sci.spw${number}.cube.I.pbcor.fits`;
}

/** The rows of a delivery as the archive makes them of its manifest, and what execution blocks say. */
function observationsOf({ uid, project, array, windows, sources, start }) {
  const delivery = {
    project,
    ous: uid,
    level: 'member',
    group: groupOf(uid),
    outcome: 'PASS',
    releaseDate: releaseDate(start),
    bytes: 9_876_543_210,
  };
  const images = sources.flatMap((region) =>
    windows.slice(0, region.windows.length).map((window) => ({
      path: filePath(project, uid, region, window),
      sha256: '0123456789abcdef'.repeat(4),
      role: 'image.pbcor',
      facts: imageOf(region, window, array, start),
    })),
  );
  const bySource = new Map(sources.map((region) => [region.source, region]));
  return observationRows(delivery, images).map((row) => ({
    ...row,
    ...unionOf(bySource.get(row.target_name)),
    t_max: mjd(start) + 0.1,
    t_exptime: 1800,
    t_resolution: 1800,
    pwv: 1.2,
    lastmodified: start.toISOString(),
  }));
}

function imageOf({ source, position, radius, polygons }, { number, low, high, channels }, array, start) {
  const gigahertz = (low + high) / 2e9;
  const beam = (array === '12m' ? 60 : 600) / gigahertz;
  const pixels = Math.ceil((radius * 2 * 3600) / (beam / 5));
  return {
    object: source,
    observed: start.toISOString().slice(0, -1),
    unit: 'Jy/beam',
    spectralWindows: [number],
    shape: [pixels, pixels, channels, 1],
    frame: 'ICRS',
    centre: position,
    region:
      polygons === null ? { shape: 'circle', centre: position, radius } : { shape: 'polygon', vertices: polygons[0] },
    pixelArcsec: [beam / 5, beam / 5],
    skyPixels: [pixels, pixels],
    spectral: {
      minimumHz: low,
      maximumHz: high,
      frame: 'LSRK',
      channels,
      channelWidthHz: (high - low) / channels,
      restHz: null,
    },
    stokes: ['I'],
    beam: { majorArcsec: beam * 1.2, minorArcsec: beam * 0.9, positionAngleDeg: 10 },
    noise: [{ stokes: 'I', sigma: 0.001 * (1 + gigahertz / 100) }],
    mosaic: polygons !== null,
  };
}

/** A delivery has no image of two polygons: the footprint of a union is written here. */
function unionOf({ polygons }) {
  if (polygons === null || polygons.length < 2) return {};
  const footprint = `Union ICRS (${polygons.map((vertices) => `Polygon ${vertices.flat().join(' ')}`).join(' ')})`;
  const { box, x, y, z, radius, shape } = footprintOf(footprint);
  return {
    footprint,
    footprint_box: box,
    footprint_x: x,
    footprint_y: y,
    footprint_z: z,
    footprint_radius: radius,
    footprint_shape: `{${shape.join(',')}}`,
    s_fov: (2 * radius * 180) / Math.PI,
  };
}

function groupOf(uid) {
  return `${uid}f`;
}

function releaseDate(start) {
  return new Date(start.getTime() + 550 * 86_400_000).toISOString().slice(0, 10);
}

function mjd(time) {
  return time.getTime() / 86_400_000 + 40_587;
}
