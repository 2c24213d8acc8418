import type { Beam, ImageStatement, Noise } from '../facts/file-facts';

/**
 * Finds beams and noise in prose and tables written by people: `0.79" x 0.62" (PA 6 deg)`, `500x400 mas`,
 * `rms is 0.21 mJy/beam, measured over 1.5 GHz`, `25 uJy rms`. The words near a number decide what it means, so that a
 * requested rms, a peak flux or the size of a map is not mistaken for an achieved value. Every pattern is bounded: the
 * time is linear in the length of the text.
 */

const NUMBER = String.raw`(\d{1,7}(?:\.\d{1,8})?(?:[eE][-+]?\d{1,2})?|\.\d{1,8})`;
const ANGLE = String.raw`("|''|\u2033|\u201d|milli-?arc ?sec(?:ond)?s?|mas\b|arc ?sec(?:ond)?s?|as\b)`;
const PAIR = new RegExp(String.raw`${NUMBER}\s?${ANGLE}?\s?(?:x|X|\u00d7|\*|by)\s?${NUMBER}\s?${ANGLE}`, 'g');
const SINGLE = new RegExp(String.raw`${NUMBER}\s?${ANGLE}`, 'g');
const POSITION_ANGLE = new RegExp(
  String.raw`^[\s,;(@]{0,4}(?:at\s)?(?:P\.?A\.?|position angle|bpa)?[\s=:~]{0,3}(?:of|is)?\s?(-?)${NUMBER}\s?(?:deg|\u00b0)`,
  'i',
);
const FLUX = new RegExp(
  String.raw`${NUMBER}\s?(nano|micro|milli|[num\u00b5\u03bc])?(?:Jy|jansky)s?(?:\s?(?:\/|per)\s?beam|\s?beam\s?\^?-1)?`,
  'g',
);
const WIDTH = new RegExp(String.raw`${NUMBER}\s?(GHz|MHz|kHz|Hz|km\s?\/\s?s|km\s?s\^?-1|m\s?\/\s?s)(?![A-Za-z])`);

const BEAM_WORD = /\b(?:beam|resolution|psf|fwhm)/gi;
const NOISE_WORD = /\b(?:rms|noise|sensitivity)\b/gi;
/** Words that give a size or flux another meaning, or say that it was only requested. */
const OTHER_SIZE =
  /\b(?:propos|request|goal|desired|required|expected|specified|field|fov|map|mosaic|image size|imsize|pixel|cell|source size|offset|taper|largest)/gi;
const OTHER_FLUX =
  /\b(?:propos|request|goal|desired|required|expected|specified|theoretical|peak|flux|threshold|maximum|signal)/gi;

/** How many characters before and behind a number are searched for words. */
const BEFORE = 120;
const BEHIND = 30;

interface Found<T> {
  value: T;
  at: number;
}

/** Reads the statements of a text about images, paragraph by paragraph. */
export function readImageStatements(text: string): ImageStatement[] {
  return paragraphs(text).flatMap(({ about, body }) => statementsOf(about, body));
}

/** Splits at blank lines and before lines that begin with a label such as `Continuum:`. */
function paragraphs(text: string): { about: string | null; body: string }[] {
  return text
    .split(/\r?\n[ \t]*\r?\n|\r?\n(?=[ \t]{0,20}[-*]?[ \t]{0,20}[A-Z][^\n:.]{0,40}:[ \t])/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => {
      const label = /^[-* ]{0,4}([^:.]{1,40}):\s/.exec(paragraph);
      const isMeasure = label?.[1]?.match(/^(?:rms|beam|noise|sensitivity|synthesi[sz]ed beam)\b/i);
      if (!label || isMeasure) return { about: null, body: paragraph };
      return { about: label[1]?.trim() ?? null, body: paragraph.slice(label[0].length) };
    });
}

function statementsOf(about: string | null, body: string): ImageStatement[] {
  const beams = findBeams(body);
  const noises = findNoises(body);
  if (beams.length === noises.length) {
    return beams.map((beam, index) => ({ about, beam: beam.value, noise: noises[index]?.value ?? null }));
  }
  return [
    ...beams.map(({ value, at }) => ({ at, statement: { about, beam: value, noise: null } })),
    ...noises.map(({ value, at }) => ({ at, statement: { about, beam: null, noise: value } })),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ statement }) => statement);
}

function findBeams(text: string): Found<Beam>[] {
  const pairs = findBy(text, PAIR, BEAM_WORD, OTHER_SIZE, (match, behind) => {
    const [, first, firstUnit, second, secondUnit] = match;
    const a = toArcsec(first, firstUnit ?? secondUnit);
    const b = toArcsec(second, secondUnit);
    return toBeam(a, b, behind);
  });
  if (pairs.length > 0) return pairs;
  return findBy(text, SINGLE, BEAM_WORD, OTHER_SIZE, ([, value, unit]) => {
    const width = toArcsec(value, unit);
    return toBeam(width, width, '');
  });
}

function toBeam(a: number, b: number, behind: string): Beam | null {
  if (!(a > 0 && b > 0) || !Number.isFinite(a) || !Number.isFinite(b)) return null;
  const angle = POSITION_ANGLE.exec(behind);
  const positionAngleDeg = angle ? Number(`${angle[1] ?? ''}${angle[2] ?? ''}`) : null;
  return { majorArcsec: Math.max(a, b), minorArcsec: Math.min(a, b), positionAngleDeg };
}

function findNoises(text: string): Found<Noise>[] {
  return findBy(text, FLUX, NOISE_WORD, OTHER_FLUX, ([, value, prefix], behind, before) => {
    const janskyPerBeam = toJansky(value, prefix);
    if (!(janskyPerBeam > 0) || !Number.isFinite(janskyPerBeam)) return null;
    return { janskyPerBeam, width: widthIn(behind) ?? widthIn(before) };
  });
}

function widthIn(text: string): Noise['width'] {
  const [, number, unit] = WIDTH.exec(text) ?? [];
  const factor = WIDTH_UNITS[unit?.replace(/\s/g, '') ?? ''];
  const value = Number(number) * (factor?.[0] ?? 0);
  return factor && value > 0 && Number.isFinite(value) ? { value, unit: factor[1] } : null;
}

const WIDTH_UNITS: Readonly<Record<string, readonly [number, 'Hz' | 'm/s']>> = {
  GHz: [1e9, 'Hz'],
  MHz: [1e6, 'Hz'],
  kHz: [1e3, 'Hz'],
  Hz: [1, 'Hz'],
  'km/s': [1e3, 'm/s'],
  'kms-1': [1e3, 'm/s'],
  'kms^-1': [1e3, 'm/s'],
  'm/s': [1, 'm/s'],
};

/** Returns every match whose nearby words have the wanted meaning and no other. */
function findBy<T>(
  text: string,
  pattern: RegExp,
  wanted: RegExp,
  other: RegExp,
  read: (match: RegExpExecArray, behind: string, before: string) => T | null,
): Found<T>[] {
  const matches = [...text.matchAll(pattern)];
  return matches.flatMap((match, index) => {
    const previous = matches[index - 1];
    const from = Math.max(match.index - BEFORE, previous ? previous.index + previous[0].length : 0);
    const before = lastSentence(text.slice(from, match.index));
    const end = match.index + match[0].length;
    const behind = firstSentence(text.slice(end, Math.min(end + 2 * BEHIND, matches[index + 1]?.index ?? text.length)));
    if (!isMeant(before, behind.slice(0, BEHIND), wanted, other)) return [];
    const value = read(match, behind, before);
    return value === null ? [] : [{ value, at: match.index }];
  });
}

/** The nearest word before the number decides; if there is none, a word shortly behind it. */
function isMeant(before: string, behind: string, wanted: RegExp, other: RegExp): boolean {
  const [is, isNot] = [lastIndexOf(before, wanted), lastIndexOf(before, other)];
  if (is >= 0)
    return (
      isNot < 0 || (is > isNot && !/\b(?:propos|request|goal|desired|required|expected|theoretical)/i.test(before))
    );
  return isNot < 0 && behind.search(new RegExp(wanted.source, 'i')) >= 0;
}

function lastIndexOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].at(-1)?.index ?? -1;
}

function lastSentence(text: string): string {
  return text.split(/[.;]\s/).at(-1) ?? '';
}

function firstSentence(text: string): string {
  return text.split(/[.;]\s/)[0] ?? '';
}

function toArcsec(number: string | undefined, unit: string | undefined): number {
  return Number(number) * (unit?.startsWith('m') ? 1e-3 : 1);
}

function toJansky(number: string | undefined, prefix = ''): number {
  const power = prefix === '' ? 1 : prefix.startsWith('n') ? 1e-9 : /^(?:mi?lli|m)$/.test(prefix) ? 1e-3 : 1e-6;
  return Number(number) * power;
}
