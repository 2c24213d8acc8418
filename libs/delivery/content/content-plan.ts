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
const GZIPPED_TAR = /\.(?:tgz|tar\.gz)$/;

type OpenReader = (name: string, budget: ExpansionBudget) => ContentReader | null;

const openArchive: OpenReader = (name, budget) => (GZIPPED_TAR.test(name) ? new ArchiveContentReader(budget) : null);

/** What is looked into, and how. Limits are some ten times the largest real file. */
const READERS: Partial<Record<Role, OpenReader>> = {
  readme: () => new TextContentReader('readme', MIB, (text) => readingOf(readReadme(text))),
  ppr: () => new PprContentReader(),
  piperestorescript: () => new TextContentReader('restore-script', MIB, (text) => readingOf(readRestoreScript(text))),
  'qa2.text': () => new TextContentReader('qa2-text', 4 * MIB, (text) => readingOf(readQa2Text(text))),
  'qa2.report': (name) =>
    name.endsWith('.html')
      ? new TextContentReader('qa2-report', 8 * MIB, (text) => readingOf(readQa2Report(text)))
      : null,
  'flux.csv': () => new TextContentReader('fluxes', 8 * MIB, readFluxCsv),
  calapply: () => new TextContentReader('calapply', 16 * MIB, (text) => readingOf(readCalapply(text))),
  'caltables+flagversions.analyst': openArchive,
  caltables: openArchive,
  auxcaltables: openArchive,
  flagversions: openArchive,
  auxproducts: openArchive,
  'plots.archive': openArchive,
  'mask.archive': openArchive,
  weblog: openArchive,
};

/** The reader for a file of the role; null when the standard does not look into such files. */
export function contentReaderFor(role: Role, name: string, budget: ExpansionBudget): ContentReader | null {
  return READERS[role]?.(name, budget) ?? null;
}
