import { doubleLiteral } from '../compile/literal';
import { numberSql, Value } from '../compile/value';
import { Call } from '../grammar/ast';
import { Fault, quoted } from '../grammar/fault';

/** A unit as a factor and powers of base units. */
interface Unit {
  factor: number;
  powers: Readonly<Record<string, number>>;
}

const base = (name: string): Unit => ({ factor: 1, powers: { [name]: 1 } });
const times = (factor: number, unit: Unit): Unit => ({ factor: factor * unit.factor, powers: unit.powers });
const DEGREE = times(Math.PI / 180, base('rad'));
const [METRE, SECOND, GRAM, KELVIN] = [base('m'), base('s'), base('g'), base('K')];
const HERTZ: Unit = { factor: 1, powers: { s: -1 } };
const JOULE: Unit = { factor: 1000, powers: { g: 1, m: 2, s: -2 } };
const WATT: Unit = { factor: 1000, powers: { g: 1, m: 2, s: -3 } };
const JANSKY: Unit = { factor: 1e-23, powers: { g: 1, s: -2 } };
const PASCAL: Unit = { factor: 1000, powers: { g: 1, m: -1, s: -2 } };

/** Units of VOUnits 1.1 that may have a prefix. */
const PREFIXED: Readonly<Record<string, Unit>> = {
  m: METRE,
  s: SECOND,
  g: GRAM,
  K: KELVIN,
  rad: base('rad'),
  sr: { factor: 1, powers: { rad: 2 } },
  Hz: HERTZ,
  J: JOULE,
  W: WATT,
  Jy: JANSKY,
  Pa: PASCAL,
  eV: times(1.602176634e-19, JOULE),
  A: base('A'),
  mol: base('mol'),
  cd: base('cd'),
  N: { factor: 1000, powers: { g: 1, m: 1, s: -2 } },
  V: { factor: 1000, powers: { g: 1, m: 2, s: -3, A: -1 } },
  T: { factor: 1000, powers: { g: 1, s: -2, A: -1 } },
  G: { factor: 0.1, powers: { g: 1, s: -2, A: -1 } },
  arcsec: times(1 / 3600, DEGREE),
  pc: times(3.085677581491367e16, METRE),
  a: times(31_557_600, SECOND),
  yr: times(31_557_600, SECOND),
  bit: base('bit'),
  byte: times(8, base('bit')),
  B: times(8, base('bit')),
  mag: base('mag'),
  Sun: base('Sun'),
};

/** Units that have none. */
const PLAIN: Readonly<Record<string, Unit>> = {
  deg: DEGREE,
  arcmin: times(1 / 60, DEGREE),
  mas: times(1 / 3_600_000, DEGREE),
  uas: times(1 / 3_600_000_000, DEGREE),
  min: times(60, SECOND),
  h: times(3600, SECOND),
  d: times(86_400, SECOND),
  AU: times(149_597_870_700, METRE),
  au: times(149_597_870_700, METRE),
  Angstrom: times(1e-10, METRE),
  angstrom: times(1e-10, METRE),
  lyr: times(9_460_730_472_580_800, METRE),
  erg: times(1e-7, JOULE),
  barn: { factor: 1e-28, powers: { m: 2 } },
  u: times(1.6605390666e-24, GRAM),
  solMass: times(1.98840987e33, GRAM),
  solRad: times(695_700_000, METRE),
  solLum: times(3.828e26, WATT),
  beam: base('beam'),
  pix: base('pix'),
  pixel: base('pix'),
  chan: base('chan'),
  ct: base('ct'),
  count: base('ct'),
  ph: base('ph'),
  photon: base('ph'),
};

const PREFIXES: Readonly<Record<string, number>> = {
  ...{ q: 1e-30, r: 1e-27, y: 1e-24, z: 1e-21, a: 1e-18, f: 1e-15, p: 1e-12, n: 1e-9, u: 1e-6, m: 1e-3, c: 1e-2 },
  ...{ d: 1e-1, da: 1e1, h: 1e2, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Z: 1e21, Y: 1e24 },
};

/**
 * Reads a unit (VOUnits 1.1): units with prefixes and whole powers, with `.`, `*` or a space between factors, and one
 * or more `/`, each of which divides by the factor after it.
 * @returns undefined if it is none
 */
export function readUnit(text: string): Unit | undefined {
  if (text.length > 100) return undefined;
  const tokens = text.trim().match(/[./* ]+|[^./* ]+(?:\*\*|\^)?\(?-?\d*\)?/g) ?? [];
  const powers = new Map<string, number>();
  let factor = 1;
  let sign: 1 | -1 = 1;
  for (const [index, token] of tokens.entries()) {
    if (index % 2 === 1) {
      if (!/^(?:\.|\*| +| *\/ *)$/.test(token)) return undefined;
      sign = token.includes('/') ? -1 : 1;
      continue;
    }
    const match = /^(?:10(?:\*\*|\^)\(?(-?\d+)\)?|([A-Za-z]+)(?:(?:\*\*|\^)?\(?([+-]?\d+)\)?)?)$/.exec(token);
    if (!match) return undefined;
    const [, ten, name, power = '1'] = match;
    if (ten !== undefined) {
      factor *= 10 ** (sign * Number(ten));
      continue;
    }
    const unit = unitNamed(name ?? '');
    if (unit === undefined) return undefined;
    const exponent = sign * Number(power);
    factor *= unit.factor ** exponent;
    for (const [one, count] of Object.entries(unit.powers)) powers.set(one, (powers.get(one) ?? 0) + count * exponent);
  }
  if (tokens.length % 2 === 0) return undefined;
  return { factor, powers: Object.fromEntries([...powers].filter(([, count]) => count !== 0)) };
}

function unitNamed(name: string): Unit | undefined {
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name];
  if (Object.hasOwn(PREFIXED, name)) return PREFIXED[name];
  for (const length of [2, 1]) {
    const [prefix, rest] = [name.slice(0, length), name.slice(length)];
    if (Object.hasOwn(PREFIXES, prefix) && Object.hasOwn(PREFIXED, rest)) {
      return times(PREFIXES[prefix] ?? 1, PREFIXED[rest] ?? METRE);
    }
  }
  return undefined;
}

/** IN_UNIT (§4.10.1). @throws {Fault} */
export function inUnit({ at }: Call, [value, wanted]: readonly Value[]): Value {
  if (value === undefined || typeof wanted?.literal !== 'string') throw new Fault('IN_UNIT has other arguments', at);
  const sql = numberSql(value, 'IN_UNIT');
  const own = value.metadata.unit;
  const to = readUnit(wanted.literal);
  if (to === undefined) throw new Fault(`${quoted(wanted.literal)} is no unit of VOUnits`, wanted.at);
  if (own === undefined || own === '') {
    throw new Fault('the value of IN_UNIT has no known unit', value.at, { expected: ['a column that has a unit'] });
  }
  const from = readUnit(own);
  if (from === undefined || !samePowers(from, to)) {
    throw new Fault(`${quoted(own)} cannot be converted to ${quoted(wanted.literal)}`, wanted.at);
  }
  const { ucd } = value.metadata;
  return {
    // Rounding the factor makes 1 mm 1000 um and not 1000.0000000000001.
    sql: `(${sql} * ${doubleLiteral(Number((from.factor / to.factor).toPrecision(15)))})`,
    type: 'DOUBLE',
    at,
    metadata: { unit: wanted.literal, ucd },
  };
}

function samePowers({ powers: a }: Unit, { powers: b }: Unit): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
