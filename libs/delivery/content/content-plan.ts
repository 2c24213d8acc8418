import type { Role } from '../naming/role';
import { readCalapply, readRestoreScript } from '../readers/calapply';
import { readFluxCsv } from '../readers/flux-csv';
import { readQa2Report } from '../readers/qa2-report';
import { readQa2Text } from '../readers/qa2-text';
import { readReadme } from '../readers/readme';
import { readingOf } from '../readers/reading';
import { ArchiveContentReader, type ExpansionBudget } from './archive-content';
import type { ContentReader } from './content-reader';
import { PprContentReader } from './ppr-content';
import { TextContentReader } from './text-content';

const MIB = 1024 * 1024;

/** The reader for a file of the role; null when the standard does not look into such files. */
export function contentReaderFor(role: Role, name: string, budget: ExpansionBudget): ContentReader | null {
  switch (role) {
    case 'readme':
      return new TextContentReader('readme', MIB, (text) => readingOf(readReadme(text)));
    case 'ppr':
      return new PprContentReader();
    case 'qa2.text':
      return new TextContentReader('qa2-text', 4 * MIB, (text) => readingOf(readQa2Text(text)));
    case 'qa2.report':
      if (!name.endsWith('.html')) return null;
      return new TextContentReader('qa2-report', 8 * MIB, (text) => readingOf(readQa2Report(text)));
    case 'flux.csv':
      return new TextContentReader('fluxes', 8 * MIB, readFluxCsv);
    case 'calapply':
      return new TextContentReader('calapply', 16 * MIB, (text) => readingOf(readCalapply(text)));
    case 'piperestorescript':
      return new TextContentReader('restore-script', MIB, (text) => readingOf(readRestoreScript(text)));
    case 'caltables':
    case 'auxcaltables':
    case 'flagversions':
    case 'auxproducts':
    case 'plots.archive':
    case 'mask.archive':
    case 'weblog':
      return new ArchiveContentReader(budget);
    case 'caltables+flagversions.analyst':
      return /\.(?:tgz|tar\.gz)$/.test(name) ? new ArchiveContentReader(budget) : null;
    default:
      return null;
  }
}
