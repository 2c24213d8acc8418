import { FitsHeader } from '../header/fits-header';
import { RemarkLog } from '../conformance/remark';
import { holdsImage, Hdu } from '../reader/hdu';
import { linearMatrix, matrixForms, WorldAxis, worldAxes } from './axis';
import { skyAxes } from './celestial';
import { spectralAxis } from './spectral';
import { stokesNames } from './stokes';

const FRAMES = new Set(['ICRS', 'FK5', 'FK4', 'FK4-NO-E', 'GAPPT']);
const SPECTRAL_FRAMES = new Set([
  'TOPOCENT',
  'GEOCENTR',
  'BARYCENT',
  'HELIOCEN',
  'LSRK',
  'LSRD',
  'GALACTOC',
  'LOCALGRP',
  'CMBDIPOL',
  'SOURCE',
]);
const CELESTIAL = /^(?:RA|DEC|GLON|GLAT|ELON|ELAT)$/;
const WCS_KEYWORD = /^(?:CTYPE|CUNIT|CRPIX|CRVAL|CDELT|CROTA)\d+$|^(?:PC|CD|PV)\d+_\d+$/;
const ROUNDING = 1e-9;

/** Checks the world coordinates of an image for contradicting forms and values out of range (FITS 3.0 §8). */
export function checkWcs(hdu: Hdu, log: RemarkLog): void {
  if (!holdsImage(hdu)) return;
  const axes = worldAxes(hdu.header, hdu.axes.length);
  checkAxisCount(hdu, log);
  checkMatrix(hdu.header, axes, log);
  checkCelestial(hdu.header, axes, log);
  checkSpectral(hdu.header, axes, log);
  if (stokesNames(axes, hdu.axes).includes('?')) {
    const message = 'the STOKES axis has an undefined value';
    log.add({ code: 'fits.wcs-stokes', message, expected: '1 to 4 or -8 to -1' });
  }
}

function checkAxisCount(hdu: Hdu, log: RemarkLog): void {
  const { header } = hdu;
  if (!header.has('WCSAXES')) return;
  const keyword = 'WCSAXES';
  const values = header.cards.filter((card) => card.kind === 'value').map((card) => card.keyword);
  const early = values.slice(0, values.indexOf(keyword)).find((other) => WCS_KEYWORD.test(other));
  if (early !== undefined) {
    const message = 'WCSAXES must precede the other keywords of the coordinate system';
    log.add({ code: 'fits.wcs-axes', keyword, message, found: `after ${early}` });
  }
}

function checkMatrix(header: FitsHeader, axes: readonly WorldAxis[], log: RemarkLog): void {
  const forms = matrixForms(header);
  if (forms.includes('pc') && forms.length > 1) {
    const message = 'PC must not be combined with CD or a rotation by CROTA';
    const [expected, found] = ['one form', forms.map((form) => form.toUpperCase()).join(', ')];
    log.add({ code: 'fits.wcs-mixed-forms', message, expected, found });
  }
  for (const axis of axes) {
    const keyword = `CDELT${axis.number}`;
    if (forms.includes('cd') || header.number(keyword) !== 0) continue;
    log.add({ code: 'fits.wcs-increment', keyword, message: `${keyword} must not be zero`, found: '0' });
  }
  const pair = skyAxes(axes);
  if (!pair) return;
  const matrix = linearMatrix(header, axes, pair);
  const [a, b] = [matrix[pair[0]], matrix[pair[1]]];
  const determinant = (a?.[pair[0]] ?? 0) * (b?.[pair[1]] ?? 0) - (a?.[pair[1]] ?? 0) * (b?.[pair[0]] ?? 0);
  if (determinant === 0) {
    log.add({ code: 'fits.wcs-increment', message: 'the matrix of the two sky axes is singular' });
  }
}

function checkCelestial(header: FitsHeader, axes: readonly WorldAxis[], log: RemarkLog): void {
  const celestial = axes.filter((axis) => CELESTIAL.test(axis.coordinate));
  if (celestial.length === 0) return;
  const pair = skyAxes(axes);
  const [lon, lat] = [axes[pair?.[0] ?? -1], axes[pair?.[1] ?? -1]];
  if (!lon || !lat || celestial.length !== 2 || lon.algorithm !== lat.algorithm) {
    const message = 'the sky axes are not a pair of longitude and latitude in one projection';
    const found = celestial.map((axis) => axis.ctype).join(', ');
    log.add({ code: 'fits.wcs-celestial-pair', message, found });
    return;
  }
  for (const axis of [lon, lat]) checkDegrees(axis, log);
  if (lat.unit === 'deg' && Math.abs(lat.crval) > 90 + ROUNDING) {
    const [keyword, message] = [`CRVAL${lat.number}`, 'the latitude is beyond the pole'];
    log.add({ code: 'fits.wcs-celestial-range', keyword, message, expected: '-90 to 90', found: String(lat.crval) });
  }
  const frame = header.nonBlankText('RADESYS');
  if (frame !== null && !FRAMES.has(frame)) {
    const message = 'RADESYS is not a frame of the standard';
    log.add({ code: 'fits.wcs-frame', keyword: 'RADESYS', message, expected: [...FRAMES].join(', '), found: frame });
  }
}

function checkDegrees(axis: WorldAxis, log: RemarkLog): void {
  if (axis.unit === 'deg' || axis.unit === '') return;
  const keyword = `CUNIT${axis.number}`;
  const message = 'celestial coordinates must be in degrees';
  log.add({ code: 'fits.wcs-celestial-unit', keyword, message, expected: 'deg', found: axis.unit });
}

function checkSpectral(header: FitsHeader, axes: readonly WorldAxis[], log: RemarkLog): void {
  const frame = header.nonBlankText('SPECSYS');
  if (frame !== null && !SPECTRAL_FRAMES.has(frame)) {
    const [keyword, expected] = ['SPECSYS', [...SPECTRAL_FRAMES].join(', ')];
    log.add({
      code: 'fits.wcs-spectral-frame',
      keyword,
      message: 'SPECSYS is not a frame of the standard',
      expected,
      found: frame,
    });
  }
  const axis = axes[spectralAxis(axes)];
  if (!axis) return;
  if (axis.coordinate === 'FREQ' && axis.crval <= 0) {
    const [keyword, found] = [`CRVAL${axis.number}`, String(axis.crval)];
    log.add({ code: 'fits.wcs-spectral', keyword, message: 'the frequency must be above zero', found });
  }
  const isVelocity = axis.coordinate === 'VRAD' || axis.coordinate === 'VOPT';
  const rest = header.number('RESTFRQ') ?? header.number('RESTFREQ') ?? header.number('RESTWAV');
  if (isVelocity && (rest === null || rest <= 0)) {
    const message = 'a velocity axis needs a rest frequency above zero';
    log.add({ code: 'fits.wcs-spectral', keyword: 'RESTFRQ', message, found: rest === null ? 'none' : String(rest) });
  }
}
