import { UID_IN_FILE_NAME as UID } from '@almagest/ous';
import type { Classification, ImageName, Intent, NamingFamily, SpectralMode } from './classification';
import { plain } from './classification';
import type { Role } from './role';

const OUS_IN_FRONT = new RegExp(`^(member\\.|group\\.)?(${UID})\\.`);
const SUFFIX = /\.(fits(?:\.gz)?|tgz|tar\.gz)$/;
/** Greedy, because the name of a source may contain dots: the last `.spw<n>` is the spectral window. */
const SPW = /^(.+)\.spw(\d{1,4}(?:_\d{1,4})*)((?:\.[^.]+)*)$/;
const INTENT = /^(.+)_(sci|bp|ph|chk|flux|pol)$/;
const CONTINUUM_IN_STEM = /(?:^|[._-])cont(?:inuum)?(?:[._-]|$)/i;

const INTENTS: Record<string, Intent> = {
  sci: 'science',
  bp: 'bandpass',
  ph: 'phase',
  chk: 'check',
  flux: 'flux',
  pol: 'polarization',
};

/** Tokens behind the source that say what the file is; all others belong to the name of the source or line. */
const KNOWN_TOKEN =
  /^(?:pbcor|pb|flux|mask|image|dirty|cube|mfs|cont|repBW|pv|manual|regcal|selfcal|sd|im|alpha|error|tt\d|v\d{1,3}|(?:mom|moment|M)\d{1,2}|[IQUV]{1,4}|XX|YY|XXYY|RR|LL)$/;
/** Tokens that differ between an image, its primary beam and its mask. */
const PLANE_TOKEN = /^(?:pbcor|pb|flux|mask|image|dirty|alpha|error|tt\d|v\d+|(?:mom|moment|M)\d+)$/;
/** A position-velocity cut: `NGC1234.CO_21_pv.fits`, `NGC1234_sci.spw17.cube.I.pvcut.fits`. */
const PV_AT_END = /(?:^|[._-])pv(?:[-_]?(?:cut|diagram|slice))?$/i;
const MOMENT = /^(?:mom|moment|M)(\d+)$/;

interface NameParts {
  ousPrefix: 'none' | 'bare' | 'level';
  /** Source, or source and line of a free-form name. */
  stem: string;
  intent: Intent | null;
  spws: number[];
  tokens: string[];
  suffix: string;
}

/** Files of `product/`: the naming families of §4.3, Cycles 3-5, Cycle 6 and later, manual imaging and total power. */
export function classifyProduct(names: readonly string[]): Classification {
  const [name = ''] = names;
  if (names.length > 1) return plain(2, roleInCasaImage(name));
  const parts = parseImageName(name);
  if (parts === null) return plain(2, 'unknown');
  const role = roleOf(parts);
  return role === 'unknown' ? plain(2, role) : { ...plain(2, role), image: imageName(parts) };
}

/** A CASA image is a directory; §4.3 delivers masks in this form. */
function roleInCasaImage(directory: string): Role {
  if (/\.mask$/.test(directory)) return 'mask.casa';
  return /\.(?:image|pbcor|pb|flux)$/.test(directory) ? 'image.casa' : 'unknown';
}

function parseImageName(name: string): NameParts | null {
  const suffix = SUFFIX.exec(name)?.[1];
  if (suffix === undefined) return null;
  const prefix = OUS_IN_FRONT.exec(name);
  const ousPrefix = prefix === null ? 'none' : prefix[1] === undefined ? 'bare' : 'level';
  const core = name.slice(prefix?.[0].length ?? 0, -suffix.length - 1);
  const anchored = SPW.exec(core);
  if (!anchored) return { ousPrefix, ...freeForm(core), suffix };
  const [, left = '', spws = '', rest = ''] = anchored;
  const field = INTENT.exec(left);
  return {
    ousPrefix,
    stem: field?.[1] ?? left,
    intent: INTENTS[field?.[2] ?? ''] ?? null,
    spws: spws.split('_').map(Number),
    tokens: rest.split('.').slice(1),
    suffix,
  };
}

/** `NGC1234.CO_21.pbcor` -> stem `NGC1234.CO_21` and the tokens behind it; the stem is never empty. */
function freeForm(core: string): Pick<NameParts, 'stem' | 'intent' | 'spws' | 'tokens'> {
  const names = core.split('.');
  let first = names.length;
  while (first > 1 && KNOWN_TOKEN.test(names[first - 1] ?? '')) first--;
  return { stem: names.slice(0, first).join('.'), intent: null, spws: [], tokens: names.slice(first) };
}

function roleOf({ tokens, stem, intent, suffix }: NameParts): Role {
  const has = (token: string): boolean => tokens.includes(token);
  const beam = has('pb') || has('flux');
  if (!suffix.startsWith('fits')) return has('mask') ? 'mask.archive' : 'unknown';
  if (intent !== null && intent !== 'science') {
    if (has('mask')) return 'calibrator.mask';
    return beam ? 'calibrator.pb' : `calibrator.${intent}`;
  }
  if (has('mask')) return 'image.mask';
  if (beam) return 'image.pb';
  if (has('alpha')) return has('error') ? 'image.alpha.error' : 'image.alpha';
  const moment = tokens.map((token) => MOMENT.exec(token)?.[1]).find((number) => number !== undefined);
  if (moment !== undefined) return moment === '0' ? 'image.moment0' : 'image.moment';
  if ([stem, ...tokens].some((part) => PV_AT_END.test(part))) return 'image.pv';
  if (has('sd')) return 'image.singledish';
  if (has('pbcor')) return 'image.pbcor';
  return has('dirty') ? 'image.dirty' : 'image';
}

function imageName(parts: NameParts): ImageName {
  const { tokens, stem, spws } = parts;
  const mode = spectralMode(parts);
  const term = tokens.find((token) => /^tt\d$/.test(token));
  const version = tokens.find((token) => /^v\d+$/.test(token));
  return {
    family: namingFamily(parts),
    source: spws.length > 0 || tokens.includes('cont') ? stem : null,
    intent: parts.intent ?? 'science',
    spws,
    mode,
    stokes: tokens.find((token) => /^(?:[IQUV]{1,4}|XX|YY|XXYY|RR|LL)$/.test(token)) ?? null,
    taylorTerm: term === undefined ? null : Number(term.slice(2)),
    version: version === undefined ? 1 : Number(version.slice(1)),
    familyKey: familyKey(parts),
  };
}

function spectralMode({ tokens, stem, intent, spws }: NameParts): SpectralMode | null {
  if (tokens.some((token) => MOMENT.test(token))) return 'moment';
  if (tokens.includes('repBW')) return 'representative-bandwidth';
  if (tokens.includes('cube')) return 'cube';
  if (tokens.includes('cont') || tokens.includes('mfs')) return 'continuum';
  if (intent !== null && intent !== 'science') return 'continuum';
  if (tokens.includes('sd') && spws.length > 0) return 'cube';
  return CONTINUUM_IN_STEM.test(stem) ? 'continuum' : null;
}

function namingFamily({ tokens, ousPrefix, spws }: NameParts): NamingFamily {
  if (tokens.includes('sd')) return 'total-power';
  if (tokens.includes('manual')) return 'manual';
  const structured = tokens.some(
    (token) => token === 'cube' || token === 'mfs' || token === 'cont' || token === 'repBW',
  );
  if (spws.length === 0 || ousPrefix === 'none' || !structured) return 'document';
  return ousPrefix === 'level' ? 'pipeline-member' : 'pipeline';
}

/** A `+` in the name of a source may be spelt `p` in some of its files (docs/standard/real-deliveries.md §4). */
function familyKey({ stem, intent, spws, tokens }: NameParts): string {
  const kept = tokens.filter((token) => !PLANE_TOKEN.test(token));
  return [stem.replaceAll('+', 'p'), intent ?? '', spws.join('_'), ...kept].join('|');
}
