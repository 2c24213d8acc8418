import type { SampledImage } from '@almagest/fits';
import type { Role } from '../naming/role';
import { readCalapply, readPiScript, readRestoreScript } from '../readers/casa-scripts';
import { readFluxCsv } from '../readers/flux-csv';
import { readQa2Report, readQa2Text } from '../readers/qa2-reports';
import { readingOf } from '../readers/reading';
import { readReadmeText } from '../readers/readme';
import { ArchiveParser } from './archive-parser';
import { type ContentParser, type ContentReader, DirectContentReader } from './content-reader';
import type { ExpansionBudget } from './expansion-budget';
import { BlankParser, FitsParser, PprParser, TextParser } from './file-parsers';
import { GunzipContentReader } from './gunzip-content';

const MIB = 1024 * 1024;
const GZIPPED = /\.(?:tgz|gz)$/;

/** Called with each complete image and the sample of its pixels to measure. */
export type TakeImage = (image: SampledImage) => void;
export type MakeReader = (budget: ExpansionBudget, onImage: TakeImage) => ContentReader;

type ParserFor = (budget: ExpansionBudget, onImage: TakeImage) => ContentParser;

const fits: ParserFor = () => new FitsParser(null);
const measured: ParserFor = (_, onImage) => new FitsParser(onImage);
const blank: ParserFor = () => new BlankParser();
const archive: ParserFor = (budget) => new ArchiveParser(budget);

/** The roles whose files are inspected, and their parsers. Text limits are about ten times the largest real file. */
const PARSERS: Partial<Record<Role, ParserFor>> = {
  readme: () => new TextParser('readme', MIB, readReadmeText),
  ppr: () => new PprParser(),
  scriptForPI: () =>
    new TextParser('pi-script', MIB, (text) => readingOf({ isBlank: text.trim() === '', version: readPiScript(text) })),
  piperestorescript: () => new TextParser('restore-script', MIB, (text) => readingOf(readRestoreScript(text))),
  scriptForImaging: blank,
  scriptForImagingPrep: blank,
  scriptForFluxCalibration: blank,
  scriptForPolarization: blank,
  scriptForCalibration: blank,
  pipescript: blank,
  casa_log: blank,
  casa_commands: blank,
  'qa2.text': () => new TextParser('qa2-text', 4 * MIB, (text) => readingOf(readQa2Text(text))),
  'qa2.report': () => new TextParser('qa2-report', 8 * MIB, (text) => readingOf(readQa2Report(text))),
  'flux.csv': () => new TextParser('fluxes', 8 * MIB, readFluxCsv),
  calapply: () => new TextParser('calapply', 16 * MIB, (text) => readingOf(readCalapply(text))),
  'caltables+flagversions.analyst': archive,
  caltables: archive,
  auxcaltables: archive,
  flagversions: archive,
  auxproducts: archive,
  'plots.archive': archive,
  'mask.archive': archive,
  weblog: archive,
  'image.pbcor': measured,
  'image.pb': measured,
  'image.dirty': measured,
  'image.moment': fits,
  'image.moment0': fits,
  'image.pv': fits,
  'image.mask': fits,
  'image.alpha': fits,
  'image.alpha.error': fits,
  'image.singledish': measured,
  image: fits,
  'calibrator.bandpass': fits,
  'calibrator.phase': fits,
  'calibrator.check': fits,
  'calibrator.flux': fits,
  'calibrator.polarization': fits,
  'calibrator.pb': fits,
  'calibrator.mask': fits,
};

/** Returns the factory of the reader for a file; null when the standard does not inspect such files. */
export function contentReaderFor(role: Role, path: string): MakeReader | null {
  const parserFor = isOpened(role, path) ? PARSERS[role] : undefined;
  if (parserFor === undefined) return null;
  if (!GZIPPED.test(path)) return (limits, onImage) => new DirectContentReader(parserFor(limits, onImage));
  return (limits, onImage) => new GunzipContentReader(parserFor(limits, onImage), limits);
}

/** Reports may also be PDF, logs gzipped, and the tables of an analyst may be in a directory. */
function isOpened(role: Role, path: string): boolean {
  if (role === 'qa2.report') return path.endsWith('.html');
  if (role === 'casa_log') return !GZIPPED.test(path);
  return role !== 'caltables+flagversions.analyst' || GZIPPED.test(path);
}
