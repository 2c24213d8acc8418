/**
 * An observatory's deliveries, with the distributions of the real ones: projects and MemberOUSs of very different sizes,
 * clustered on the sky, in bands, with several spectral windows for each source, and mosaics besides single fields.
 */
import { offset, vector } from './geometry.mjs';
import { Random } from './random.mjs';

/** Share of the receiver bands, and their frequencies in GHz. */
const BANDS = [
  [{ band: 3, from: 85, to: 114 }, 0.22],
  [{ band: 4, from: 126, to: 157 }, 0.06],
  [{ band: 5, from: 164, to: 209 }, 0.02],
  [{ band: 6, from: 212, to: 273 }, 0.38],
  [{ band: 7, from: 276, to: 371 }, 0.24],
  [{ band: 8, from: 386, to: 498 }, 0.04],
  [{ band: 9, from: 604, to: 718 }, 0.03],
  [{ band: 10, from: 789, to: 948 }, 0.01],
];
const WINDOWS = [
  [2, 0.03],
  [4, 0.7],
  [5, 0.09],
  [6, 0.08],
  [8, 0.1],
];
const CHANNELS = [
  [128, 0.34],
  [480, 0.16],
  [960, 0.2],
  [1920, 0.18],
  [3840, 0.12],
];
const BANDWIDTH_GHZ = [
  [1.875, 0.55],
  [0.9375, 0.2],
  [0.46875, 0.15],
  [0.1171875, 0.1],
];
/** Diameter of the primary beam in degrees at 1 GHz, and for the antennas of the compact array. */
const BEAM_DEGREES = { '12m': 1.61, '7m': 2.76 };
const FIELDS = 400;

/** A delivery of a MemberOUS: its sources with footprints, and its spectral windows. */
export class Observatory {
  projects = [];
  mouss = [];
  /** Every footprint: centre, radius in degrees, rings or null for a circle, MemberOUS, source. */
  regions = [];
  rows = 0;

  /** @param {number} rows of ivoa.obscore */
  constructor(rows) {
    this.random = new Random(20_141_205);
    this.fields = Array.from({ length: FIELDS }, () => this.position());
    while (this.rows < rows) this.addProject(rows);
    // Deliveries near each other on the sky are near each other in the table.
    this.mouss.sort((a, b) => a.cell - b.cell);
  }

  addProject(rows) {
    const { random, projects } = this;
    const year = 2011 + random.below(14);
    const code = `${year}.1.${String(projects.length % 100_000).padStart(5, '0')}.S`;
    projects.push(code);
    const field = random.next() < 0.45 ? random.pick(this.fields) : this.position();
    const spread = random.weighted([
      [0.02, 0.4],
      [0.5, 0.4],
      [20, 0.2],
    ]);
    const count = random.heavyTailed(5, 0.9, 200);
    for (let index = 0; index < count && this.rows < rows; index++) this.addMous(code, year, field, spread, rows);
  }

  addMous(project, year, field, spread, rows) {
    const { random, mouss, regions } = this;
    const uid = `uid://A001/X${(1000 + (mouss.length >> 3)).toString(16)}/X${(16 + (mouss.length & 7)).toString(16)}`;
    const array = random.next() < 0.75 ? '12m' : '7m';
    const { from, to, band } = random.weighted(BANDS);
    const windows = Array.from({ length: random.weighted(WINDOWS) }, (_, index) =>
      this.window(17 + 2 * index, from, to),
    );
    const pointing = offset(field, Math.abs(random.gauss()) * spread, random.between(0, 2 * Math.PI));
    const count = random.next() < 0.6 ? 1 : random.heavyTailed(5, 0.9, 150);
    const isMosaic = random.next() < 0.12;
    const mous = { uid, project, array, band, windows, sources: [], start: this.start(year) };
    mous.cell = cellOf(pointing);
    for (let index = 0; index < count && this.rows < rows; index++) {
      const centre = index === 0 ? pointing : offset(pointing, random.between(0.003, 0.4), random.between(0, 6.28));
      const shown = windows.slice(0, rows - this.rows);
      this.rows += shown.length;
      const region = {
        ...this.footprint(centre, BEAM_DEGREES[array] / ((from + to) / 2), isMosaic),
        mous,
        windows: shown,
      };
      region.source = `${random.pick(['NGC', 'IRAS', 'J', 'HD', 'SPT'])}${random.below(900_000)}-${index}`;
      mous.sources.push(region);
      regions.push(region);
    }
    mouss.push(mous);
  }

  window(number, from, to) {
    const { random } = this;
    const width = random.weighted(BANDWIDTH_GHZ);
    const low = random.between(from, to - width) * 1e9;
    return { number, low, high: low + width * 1e9, channels: random.weighted(CHANNELS) };
  }

  /** Of a mosaic: a polygon, or a union of two. */
  footprint(position, beam, isMosaic) {
    const { random } = this;
    if (!isMosaic) return { position, centre: vector(...position), radius: beam / 2, rings: null, polygons: null };
    const radius = beam * random.between(1, 6);
    const polygons = [this.polygon(position, radius)];
    let [centre, reach] = [vector(...position), radius];
    if (random.next() < 0.3) {
      const other = offset(position, 3 * radius, random.between(0, 6.28));
      polygons.push(this.polygon(other, radius));
      reach = 4 * radius;
    }
    const rings = polygons.map((vertices) => vertices.map((vertex) => vector(...vertex)));
    return { position, centre, radius: reach, rings, polygons };
  }

  polygon(centre, radius) {
    const corners = 4 + this.random.below(9);
    const turn = this.random.between(0, 6.28);
    return Array.from({ length: corners }, (_, n) => offset(centre, radius, turn - (2 * Math.PI * n) / corners));
  }

  /** In the plane of the Galaxy, or anywhere that the telescope sees. */
  position() {
    const { random } = this;
    if (random.next() < 0.3) return [(266 + 40 * random.gauss() + 360) % 360, Math.max(-85, -29 + 25 * random.gauss())];
    const dec = (Math.asin(random.between(Math.sin(-1.45), Math.sin(0.75))) * 180) / Math.PI;
    return [random.between(0, 360), dec];
  }

  start(year) {
    return new Date(Date.UTC(year, 0, 1) + this.random.next() * 365 * 86_400_000);
  }
}

/** A number of a place on the sky; places near each other have numbers near each other (Morton order). */
function cellOf([ra, dec]) {
  const [x, y] = [Math.floor((ra / 360) * 65_535), Math.floor(((dec + 90) / 180) * 65_535)];
  let cell = 0;
  for (let bit = 15; bit >= 0; bit--) cell = cell * 4 + ((x >> bit) & 1) * 2 + ((y >> bit) & 1);
  return cell;
}
