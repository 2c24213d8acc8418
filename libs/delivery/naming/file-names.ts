import { UID_IN_FILE_NAME as UID } from '@almagest/ous';
import { type Classification, ofBlock, plain } from './classification';
import type { Role } from './role';

const MEMBER = `(?:(?:member|group)\\.${UID}\\.)?`;
const README = new RegExp(`^${MEMBER}README(?:\\.txt)?$`);

/** `README` (Cycles 1-4) or `member.<mous>.README.txt` (later), next to the item directories. */
export function classifyReadme(name: string): Classification {
  return README.test(name) ? plain(1, 'readme') : plain(null, 'unknown');
}

const QA2_PAGE = new RegExp(`^${MEMBER}(${UID})__qa2_part(\\d{1,3})\\.(?:png|pdf)$`);
const QA2_TEXT = new RegExp(`^${MEMBER}(${UID})__textfile\\.txt$`);
const QA0_REPORT = new RegExp(`^${MEMBER}(${UID})\\.qa0_report\\.(?:pdf|html)$`);
const QA2_REPORT = /(?:^|\.)qa2_report\.(?:pdf|html)$/;
const WEBLOG = /(?:^|\.)weblog\.(?:tar\.gz|tgz)$/;

/** Files of `qa/` (§4.5). The uid of a page is that of the execution block, or of the GroupOUS in a combination. */
export function classifyQa(names: readonly string[]): Classification {
  const [name = ''] = names;
  if (names.length > 1) return plain(4, 'unknown');
  const page = QA2_PAGE.exec(name);
  if (page) return { ...ofBlock(4, 'qa2.page', page[1]), page: Number(page[2]) };
  const text = QA2_TEXT.exec(name);
  if (text) return ofBlock(4, 'qa2.text', text[1]);
  const qa0 = QA0_REPORT.exec(name);
  if (qa0) return ofBlock(4, 'qa0.report', qa0[1]);
  if (QA2_REPORT.test(name)) return plain(4, 'qa2.report');
  return plain(4, WEBLOG.test(name) ? 'weblog' : 'unknown');
}

const COMMANDS = /(?:^|\.)casa_commands\.log$/;
const LOG = /\.log(?:\.gz|\.tgz|\.tar\.gz)?$/;

/**
 * Files of `log/`: CASA logs, and the list of the CASA commands that the Pipeline ran. The uid in their names is that
 * of an execution block in some deliveries and that of the scheduling block status in others, so it is not read.
 */
export function classifyLog(names: readonly string[]): Classification {
  const [name = ''] = names;
  if (names.length > 1) return plain(6, 'unknown');
  if (COMMANDS.test(name)) return plain(6, 'casa_commands');
  return plain(6, LOG.test(name) ? 'casa_log' : 'unknown');
}

const ASDM = new RegExp(`^(${UID})\\.asdm\\.sdm$`);

/** Files of `raw/`: everything inside `<eb>.asdm.sdm/` belongs to that execution block's ASDM (§5.1). */
export function classifyRaw(names: readonly string[]): Classification {
  const asdm = ASDM.exec(names[0] ?? '');
  return asdm && names.length > 1 ? ofBlock(7, 'asdm', asdm[1]) : plain(7, 'unknown');
}

/** The recipe of the Pipeline, such as `hifa_cal` or `hsd_calimage`; some files have only its purpose. */
const RECIPE = '(?:h[a-z0-9]*_[a-z0-9_]+|cal|image|calimage)\\.';
/** Later cycles put `member.<mous>.<recipe>.` in front. */
const PREFIX = `^(?:(?:member\\.)?${UID}\\.)?(?:${RECIPE})?`;
/** One imaging script for each track of VLBI. */
const TRACK = '(?:(?:TRACK|Track|track)_[A-Za-z0-9]{1,16}[._])?';

const CALIBRATION = new RegExp(`^(?:member\\.${UID}\\.)?(${UID})\\.ms\\.scriptFor(?:SD)?Calibration\\.py$`);

const SCRIPTS: readonly (readonly [RegExp, Role])[] = [
  [new RegExp(`${PREFIX}scriptForPI\\.py$`), 'scriptForPI'],
  [new RegExp(`${PREFIX}${TRACK}scriptForImaging\\.py$`), 'scriptForImaging'],
  [new RegExp(`${PREFIX}scriptForImagingPrep\\.py$`), 'scriptForImagingPrep'],
  [new RegExp(`${PREFIX}scriptForFluxCalibration\\.py$`), 'scriptForFluxCalibration'],
  [new RegExp(`${PREFIX}scriptForPol[A-Za-z]*\\.py$`), 'scriptForPolarization'],
  [new RegExp(`${PREFIX}casa_pipescript\\.py$`), 'pipescript'],
  [new RegExp(`${PREFIX}casa_piperestorescript\\.py$`), 'piperestorescript'],
  [new RegExp(`${PREFIX}PPR[^/]*\\.xml$`), 'ppr'],
  [new RegExp(`${PREFIX}pprequest\\.xml$`), 'ppr'],
  [new RegExp(`${PREFIX}pipeline_manifest\\.xml$`), 'pipeline_manifest'],
  [new RegExp(`${PREFIX}product_rename\\.txt$`), 'product_rename'],
];

/** Files of `script/` (§4.2, §5.1, §5.2). */
export function classifyScript(names: readonly string[]): Classification {
  const [name = ''] = names;
  if (names.length > 1) return plain(5, 'unknown');
  const calibration = CALIBRATION.exec(name);
  if (calibration) return ofBlock(5, 'scriptForCalibration', calibration[1]);
  return plain(5, SCRIPTS.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown');
}

/**
 * Returns true for the request or script of a recipe that only images, such as `hifa_image`. Besides it, a delivery has
 * those of the recipe that calibrates.
 */
export function isOfImagingRecipe(name: string): boolean {
  const recipe = new RegExp(`^(?:(?:member\\.)?${UID}\\.)?(${RECIPE})`).exec(name)?.[1];
  return recipe !== undefined && !recipe.includes('cal');
}
