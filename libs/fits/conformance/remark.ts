/** How the standard puts it: `must` is a breach of a requirement, `should` of a recommendation or a deprecation. */
export type RemarkLevel = 'must' | 'should';

/** Every remark the reader can make: how binding it is, and the section of the FITS standard it comes from. */
const CATALOGUE = {
  'fits.ascii': ['must', 'FITS 3.0 §3.2'],
  'fits.header-fill': ['must', 'FITS 3.0 §3.3.1'],
  'fits.data-fill': ['must', 'FITS 3.0 §3.3.2'],
  'fits.block-incomplete': ['must', 'FITS 3.0 §3.1'],
  'fits.trailing-bytes': ['must', 'FITS 3.0 §3.5'],
  'fits.keyword-characters': ['must', 'FITS 3.0 §4.1.2.1'],
  'fits.index-leading-zero': ['must', 'FITS 3.0 §4.1.2.1'],
  'fits.value-indicator': ['should', 'FITS 3.0 §4.1.2.2'],
  'fits.duplicate-mandatory': ['must', 'FITS 3.0 §4.1.2.3'],
  'fits.duplicate-keyword': ['should', 'FITS 3.0 §4.1.2.3'],
  'fits.comment-separator': ['must', 'FITS 3.0 §4.1.2.3'],
  'fits.value-malformed': ['must', 'FITS 3.0 §4.2'],
  'fits.string-unclosed': ['must', 'FITS 3.0 §4.2.1'],
  'fits.exponent-lower-case': ['must', 'FITS 3.0 §4.2.4'],
  'fits.continue': ['must', 'FITS 4.0 §4.2.1.2'],
  'fits.end-card': ['must', 'FITS 3.0 §4.4.1.1'],
  'fits.mandatory-order': ['must', 'FITS 3.0 §4.4.1'],
  'fits.mandatory-missing': ['must', 'FITS 3.0 §4.4.1'],
  'fits.mandatory-format': ['must', 'FITS 3.0 §4.4.1'],
  'fits.mandatory-value': ['must', 'FITS 3.0 §4.4.1'],
  'fits.simple-false': ['must', 'FITS 3.0 §4.4.1.1'],
  'fits.axis-surplus': ['must', 'FITS 3.0 §4.4.1.1'],
  'fits.xtension-in-primary': ['must', 'FITS 3.0 §4.4.1.2'],
  'fits.xtension-unregistered': ['should', 'FITS 3.0 §4.4.1.2'],
  'fits.reserved-type': ['must', 'FITS 3.0 §4.4.2'],
  'fits.reserved-value': ['must', 'FITS 3.0 §4.4.2'],
  'fits.date-format': ['must', 'FITS 3.0 §4.4.2.1'],
  'fits.deprecated': ['should', 'FITS 3.0 §4.4.2'],
  'fits.random-groups': ['should', 'FITS 3.0 §6'],
  'fits.table-columns': ['must', 'FITS 3.0 §7'],
  'fits.checksum-form': ['must', 'FITS 4.0 §4.4.2.7'],
  'fits.checksum-mismatch': ['must', 'FITS 4.0 §4.4.2.7'],
  'fits.datasum-mismatch': ['must', 'FITS 4.0 §4.4.2.7'],
  'fits.wcs-axes': ['must', 'FITS 3.0 §8.2'],
  'fits.wcs-increment': ['must', 'FITS 3.0 §8.2'],
  'fits.wcs-mixed-forms': ['must', 'FITS 3.0 §8.2'],
  'fits.wcs-celestial-pair': ['must', 'FITS 3.0 §8.3'],
  'fits.wcs-celestial-unit': ['must', 'FITS 3.0 §8.3'],
  'fits.wcs-celestial-range': ['must', 'FITS 3.0 §8.3'],
  'fits.wcs-frame': ['must', 'FITS 3.0 §8.3'],
  'fits.wcs-spectral': ['must', 'FITS 3.0 §8.4'],
  'fits.wcs-spectral-frame': ['must', 'FITS 3.0 §8.4.1'],
  'fits.wcs-stokes': ['must', 'FITS 3.0 §8.5'],
} as const satisfies Record<string, readonly [RemarkLevel, string]>;

export type RemarkCode = keyof typeof CATALOGUE;

/** Every remark code with its level and section, for the list of rules. */
export const REMARK_CATALOGUE: Readonly<Record<RemarkCode, readonly [RemarkLevel, string]>> = CATALOGUE;

/**
 * A departure from the FITS standard that does not stop the reader (§4.3: "conform with the latest FITS standard").
 * `dialect` is `casa` where CASA itself writes it in every file of the kind, so that no data reducer can mend it.
 */
export interface Remark {
  code: RemarkCode;
  level: RemarkLevel;
  section: string;
  /** Index of the HDU in the file, from 0. */
  hdu: number;
  keyword: string | null;
  message: string;
  expected: string | null;
  found: string | null;
  dialect: 'casa' | null;
}

/** What a check says; the log adds the HDU, the level and the section. */
export type RemarkDetail = Pick<Remark, 'code' | 'message'> &
  Partial<Pick<Remark, 'keyword' | 'expected' | 'found' | 'dialect'>>;

const PER_CODE_AND_HDU = 10;
const IN_ALL = 1000;
const LONGEST_TEXT = 120;

/** Collects remarks, bounded: 10 of a code in an HDU, 1000 in all; the rest are counted in `omitted`. */
export class RemarkLog {
  readonly remarks: Remark[] = [];
  omitted = 0;
  private hdu = 0;
  private readonly counts = new Map<RemarkCode, number>();

  startHdu(index: number): void {
    this.hdu = index;
    this.counts.clear();
  }

  add(detail: RemarkDetail): void {
    const count = (this.counts.get(detail.code) ?? 0) + 1;
    this.counts.set(detail.code, count);
    if (count > PER_CODE_AND_HDU || this.remarks.length >= IN_ALL) {
      this.omitted += 1;
      return;
    }
    const [level, section] = CATALOGUE[detail.code];
    this.remarks.push({
      code: detail.code,
      level,
      section,
      hdu: this.hdu,
      keyword: printable(detail.keyword ?? null),
      message: detail.message,
      expected: printable(detail.expected ?? null),
      found: printable(detail.found ?? null),
      dialect: detail.dialect ?? null,
    });
  }
}

/** Text out of a file, fit for a report: printable ASCII only and not endless. */
function printable(text: string | null): string | null {
  if (text === null) return null;
  const shown = text.replace(/[^\x20-\x7e]/g, '?');
  return shown.length > LONGEST_TEXT ? `${shown.slice(0, LONGEST_TEXT)}...` : shown;
}
