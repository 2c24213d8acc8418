import { Hdu } from '../reader/hdu';
import { CardValue } from '../header/card';
import { RemarkLog } from './remark';

type ReservedType = 'string' | 'number' | 'integer' | 'logical';

/** Types of the reserved keywords of an image or table (FITS 3.0 §4.4.2, §7, §8; 4.0 §4.4.2.7). */
const TYPES: [RegExp, ReservedType][] = [
  [/^(?:DATE|DATE-[A-Z0-9]{1,4}|ORIGIN|TELESCOP|INSTRUME|OBSERVER|OBJECT|AUTHOR|REFERENC|BUNIT|EXTNAME)$/, 'string'],
  [/^(?:RADESYS|SPECSYS|SSYSOBS|SSYSSRC|WCSNAME|CHECKSUM)$/, 'string'],
  [/^(?:CTYPE|CUNIT|CNAME|TTYPE|TUNIT|TFORM|TDISP|TDIM)\d+$/, 'string'],
  [/^(?:BSCALE|BZERO|EQUINOX|DATAMAX|DATAMIN|LONPOLE|LATPOLE|RESTFRQ|RESTWAV|VELOSYS)$/, 'number'],
  [/^(?:CRPIX|CRVAL|CDELT|CROTA|CRDER|CSYER|TSCAL|TZERO)\d+$/, 'number'],
  [/^(?:PC|CD|PV)\d+_\d+$/, 'number'],
  [/^(?:BLANK|EXTVER|EXTLEVEL|WCSAXES|THEAP|TFIELDS)$/, 'integer'],
  [/^TBCOL\d+$/, 'integer'],
  [/^(?:EXTEND|GROUPS)$/, 'logical'],
];

const DATE_KEYWORD = /^DATE(?:-[A-Z0-9]{1,4})?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.\d*)?)?$/;
// Until 1999 DATE-OBS was written as day, month and two digits of the year: DD/MM/YY (§4.4.2.1).
const OLD_DATE = /^(\d{2})\/(\d{2})\/(\d{2})$/;

const DEPRECATED: Record<string, string> = {
  EPOCH: 'EQUINOX',
  BLOCKED: 'no keyword',
  RADECSYS: 'RADESYS',
};

/** Checks the use of reserved keywords: type, date format, scaling of the array (FITS 3.0 §4.4.2). */
export function checkReserved(hdu: Hdu, log: RemarkLog): void {
  for (const keyword of hdu.header.keywords()) {
    const value = hdu.header.value(keyword);
    if (!value || value.type === 'undefined' || value.type === 'malformed') continue;
    const replacement = DEPRECATED[keyword];
    if (replacement !== undefined) {
      log.add({ code: 'fits.deprecated', keyword, message: `${keyword} is deprecated`, expected: replacement });
    }
    checkType(keyword, value, log);
    if (DATE_KEYWORD.test(keyword) && value.type === 'string') checkDate(keyword, value.value, log);
  }
  checkScaling(hdu, log);
}

function checkType(keyword: string, value: CardValue, log: RemarkLog): void {
  const type = TYPES.find(([pattern]) => pattern.test(keyword))?.[1];
  if (!type || matches(value, type)) return;
  const message = `${keyword} must be of type ${type}`;
  log.add({ code: 'fits.reserved-type', keyword, message, expected: type, found: value.type });
}

function matches(value: CardValue, type: ReservedType): boolean {
  return type === 'number' ? value.type === 'integer' || value.type === 'real' : value.type === type;
}

function checkDate(keyword: string, value: string, log: RemarkLog): void {
  if (isDate(value.trim())) return;
  const message = `${keyword} is not a date in the format of the standard`;
  log.add({ code: 'fits.date-format', keyword, message, expected: 'YYYY-MM-DD[Thh:mm:ss[.s...]]', found: value });
}

function isDate(value: string): boolean {
  const old = OLD_DATE.exec(value);
  if (old) return isDay(Number(old[2]), Number(old[1]));
  const match = DATE.exec(value);
  if (!match) return value === '';
  const [month, day, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const isTime = (hours ?? 0) <= 23 && (minutes ?? 0) <= 59 && (seconds ?? 0) <= 60;
  return isDay(month ?? 0, day ?? 0) && isTime;
}

function isDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function checkScaling(hdu: Hdu, log: RemarkLog): void {
  const { header, bitpix } = hdu;
  const code = 'fits.reserved-value';
  if (header.number('BSCALE') === 0) {
    log.add({ code, keyword: 'BSCALE', message: 'a BSCALE of 0 makes all values equal', found: '0' });
  }
  const isImage = hdu.kind === 'primary' || hdu.kind === 'image';
  if (isImage && bitpix < 0 && header.has('BLANK')) {
    const message = 'BLANK must not be used with floating-point data, where NaN marks undefined values';
    log.add({ code, keyword: 'BLANK', message, expected: 'no BLANK', found: `BITPIX = ${bitpix}` });
  }
}
