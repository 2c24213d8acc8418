import { UID_IN_FILE_NAME as UID } from '@almagest/ous';
import { type Classification, ofBlock, plain } from './classification';
import type { Role } from './role';

const GZIPPED_TAR = '(?:tgz|tar\\.gz)';
const MEMBER = `(?:member\\.${UID}\\.)?`;
/** The name of a VLBI track, whose execution blocks were calibrated together. */
const TRACK = '(?:TRACK|Track|track)_[A-Za-z0-9]{1,16}';

/** Names that contain the uid of an execution block. */
const OF_BLOCK: readonly (readonly [RegExp, Role])[] = [
  [new RegExp(`^${MEMBER}(${UID})\\.calibration\\.${GZIPPED_TAR}$`), 'caltables+flagversions.analyst'],
  [new RegExp(`^${MEMBER}(${UID})\\.calibration\\.plots\\.${GZIPPED_TAR}$`), 'plots.archive'],
  [new RegExp(`^${MEMBER}(${UID})(?:_target|_targets_line|_targets)?\\.ms\\.calapply\\.txt$`), 'calapply'],
  [new RegExp(`^${MEMBER}(${UID})(?:_target|_targets_line|_targets)?\\.ms\\.auxcalapply\\.txt$`), 'auxcalapply'],
  [
    new RegExp(`^${MEMBER}(${UID})(?:_target|_targets_line|_targets)?\\.ms\\.flagversions\\.${GZIPPED_TAR}$`),
    'flagversions',
  ],
  [new RegExp(`^${MEMBER}(${UID})(?:\\.ms)?[_.]flagtemplate\\.txt$`), 'flagtemplate'],
  [new RegExp(`^${MEMBER}(${UID})(?:\\.ms)?[_.]flagtargetstemplate\\.txt$`), 'flagtargetstemplate'],
];

const SESSION = new RegExp(`\\.session_(\\d{1,4})\\.(auxcaltables|caltables)\\.${GZIPPED_TAR}$`);

/** Names of files about the whole MemberOUS, or a whole track of it. */
const OF_MEMBER: readonly (readonly [RegExp, Role])[] = [
  [new RegExp(`^${MEMBER}${TRACK}\\.calibration\\.${GZIPPED_TAR}$`), 'caltables+flagversions.analyst'],
  [new RegExp(`^${MEMBER}${TRACK}\\.calibration\\.plots\\.${GZIPPED_TAR}$`), 'plots.archive'],
  [/(?:^|\.)flux\.csv$/, 'flux.csv'],
  [/(?:^|[._])jyperk[^./]{0,64}\.csv$/, 'jyperk.csv'],
  [/\.eph$|(?:^|[._-])ephem(?:eris|erides)?[._-][^/]*\.(?:tab|txt|dat)$/i, 'ephemeris'],
  [/(?:^|\.)antennapos\.csv$/, 'antennapos.csv'],
  [/(?:^|\.)cont\.dat$/, 'cont.dat'],
  [new RegExp(`\\.auxproducts\\.${GZIPPED_TAR}$`), 'auxproducts'],
];

/** An ephemeris in the form of a CASA table: a directory. */
const EPHEMERIS_TABLE = /(?:^|[._-])ephem(?:eris|erides)?[._-][^/]*\.tab$|\.eph$/i;
const PLOTS = new RegExp(`^${MEMBER}(${UID})\\.calibration\\.plots$`);
const WORKING_DIRECTORY = new RegExp(`^(${UID})\\.calibration$`);

/** Files of `calibration/` (§3 item 3, §4.4). */
export function classifyCalibration(names: readonly string[]): Classification {
  const [name = ''] = names;
  if (names.length > 1) return insideDirectory(name);
  for (const [pattern, role] of OF_BLOCK) {
    const match = pattern.exec(name);
    if (match) return ofBlock(3, role, match[1]);
  }
  const session = SESSION.exec(name);
  if (session) {
    return {
      ...plain(3, session[2] === 'caltables' ? 'caltables' : 'auxcaltables'),
      session: Number(session[1]),
    };
  }
  return plain(3, OF_MEMBER.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown');
}

function insideDirectory(directory: string): Classification {
  if (EPHEMERIS_TABLE.test(directory)) return plain(3, 'ephemeris');
  const plots = PLOTS.exec(directory);
  if (plots) return ofBlock(3, 'plot', plots[1]);
  const working = WORKING_DIRECTORY.exec(directory);
  return working ? ofBlock(3, 'caltables+flagversions.analyst', working[1]) : plain(3, 'unknown');
}
