import { UID_IN_FILE_NAME as UID } from '@almagest/ous';
import { type Classification, plain } from './classification';
import { ofBlock } from './document-names';
import type { Role } from './role';

/** Later cycles put `member.<mous>.<recipe>.` in front, the recipe being `hifa_cal`, `hsd_calimage` and the like. */
const PREFIX = `^(?:(?:member\\.)?${UID}\\.)?(?:h[a-z0-9]*_[a-z0-9_]+\\.)?`;

const CALIBRATION = new RegExp(`^(?:member\\.${UID}\\.)?(${UID})\\.ms\\.scriptForCalibration\\.py$`);

const SCRIPTS: readonly (readonly [RegExp, Role])[] = [
  [new RegExp(`${PREFIX}scriptForPI\\.py$`), 'scriptForPI'],
  [new RegExp(`${PREFIX}scriptForImaging\\.py$`), 'scriptForImaging'],
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
