/** The wording of the standard: `must` breaks a requirement, `should` a recommendation or a deprecation. */
export type RemarkLevel = 'must' | 'should';

/** Every remark of the reader: its level, and the section of the FITS standard it refers to. */
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

/** All remark codes with their level and section, for the list of rules. */
export const REMARK_CATALOGUE: Readonly<Record<RemarkCode, readonly [RemarkLevel, string]>> = CATALOGUE;

/**
 * A departure from the FITS standard that does not stop the reader (§4.3: "conform with the latest FITS standard").
 * `dialect` is `casa` when CASA itself writes all files of this kind like this, so that no data reducer can fix it.
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

/** What a check reports; the log adds the HDU, the level and the section. */
export type RemarkDetail = Pick<Remark, 'code' | 'message'> &
  Partial<Pick<Remark, 'keyword' | 'expected' | 'found' | 'dialect'>>;

const MAX_PER_CODE_AND_HDU = 10;
const MAX_REMARKS = 1000;
const MAX_TEXT = 120;

/** Collects at most 10 remarks of a code in an HDU, and 1000 in total; `omitted` counts the rest. */
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
    if (count > MAX_PER_CODE_AND_HDU || this.remarks.length >= MAX_REMARKS) {
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

/** Makes text from a file safe for a report: printable ASCII only, of limited length. */
function printable(text: string | null): string | null {
  if (text === null) return null;
  const shown = text.replace(/[^\x20-\x7e]/g, '?');
  return shown.length > MAX_TEXT ? `${shown.slice(0, MAX_TEXT)}...` : shown;
}
