import { archiveRules } from './archive.rules';
import { brokenArchiveRules } from './broken-archive.rules';
import { calibrationRules } from './calibration.rules';
import { executionBlockRules } from './execution-block.rules';
import { fitsRules } from './fits.rules';
import { itemRules } from './item.rules';
import { packageRules } from './package.rules';
import { pathClashRules } from './path-clash.rules';
import { primaryBeamRules } from './primary-beam.rules';
import { productRules } from './product.rules';
import { qa2ClaimRules } from './qa2-claim.rules';
import { qaRules } from './qa.rules';
import { calibrationContentRules } from './calibration-content.rules';
import { contentRules } from './content.rules';
import { readmeRules } from './readme.rules';
import { pprRules } from './ppr.rules';
import { rawRules } from './raw.rules';
import type { Rule } from './rule';
import { scriptRules } from './script.rules';
import { treeRules } from './tree.rules';

/** Every rule of the delivery standard, in the order of a report. */
export const rules: readonly Rule[] = [
  ...brokenArchiveRules,
  ...archiveRules,
  ...pathClashRules,
  ...packageRules,
  ...treeRules,
  ...itemRules,
  ...contentRules,
  ...readmeRules,
  ...executionBlockRules,
  ...scriptRules,
  ...pprRules,
  ...calibrationRules,
  ...calibrationContentRules,
  ...qaRules,
  ...productRules,
  ...primaryBeamRules,
  ...fitsRules,
  ...qa2ClaimRules,
  ...rawRules,
];
