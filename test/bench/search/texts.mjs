/** Texts with the lengths and the word frequencies of proposals: few words are frequent, most are rare. */
const WORDS =
  'the of and in to a we with is for at are by this that from on as will our observations gas propose these line ' +
  'emission star galaxies dust formation disk high resolution molecular mass sources CO continuum redshift data clouds ' +
  'which have be an using survey sample physical properties massive outflow core kinematics dense structure temperature ' +
  'evolution chemistry protoplanetary planets sensitivity spectral nearby luminous magnetic field polarization quasar';
const SYLLABLES = 'al ba cor den el far gal hel ir jo kin lum mag neb or pul qua rad sol tur ul ver xen yor zen'.split(
  ' ',
);
export const RARE_WORDS = 20_000;
const CATEGORIES = [
  'Galaxy evolution',
  'Active galaxies',
  'ISM and star formation',
  'Disks and planet formation',
  'Stars and stellar evolution',
  'Solar system',
  'Cosmology',
  'Local Universe',
  'Sun',
];

const frequent = WORDS.split(' ');

/** Returns the rare word of a rank; a lower rank is in more texts. */
export function rareWord(rank) {
  let word = '';
  for (let left = rank + 25; left > 0; left = Math.floor(left / 25)) word += SYLLABLES[left % 25];
  return `${word}ium`;
}

/** Returns a text of about this many characters. */
export function prose(random, length) {
  let text = '';
  while (text.length < length) {
    const word =
      random.next() < 0.72
        ? frequent[Math.floor(frequent.length * random.next() ** 2)]
        : rareWord(Math.floor(RARE_WORDS * random.next() ** 3));
    text += text === '' ? word : ` ${word}`;
  }
  return text;
}

/** Returns the public metadata of a project, as `PUT /projects/{code}/metadata` takes them. */
export function projectMetadata(random) {
  const name = () => `${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}, ${random.pick('ABCDEFGHJKLMNPRSTVW')}.`;
  const names = (count) => Array.from({ length: count }, name);
  const papers = random.weighted([
    [0, 0.75],
    [1, 0.17],
    [2, 0.06],
    [4, 0.02],
  ]);
  return {
    revision: 1,
    title: prose(random, 60 + random.below(80)),
    abstract: prose(random, 700 + random.below(700)),
    scienceCategory: random.pick(CATEGORIES),
    scienceKeywords: [prose(random, 25), prose(random, 25)],
    pi: { name: name(), userId: `user${random.below(5000)}` },
    coInvestigators: names(random.heavyTailed(7, 0.6, 60)),
    publications: Array.from({ length: papers }, () => ({
      bibcode: `20${14 + random.below(11)}ApJ...${100 + random.below(900)}...${10 + random.below(90)}K`,
      title: prose(random, 80),
      authors: names(5),
      abstract: prose(random, 700),
      year: 2014 + random.below(11),
    })),
  };
}
