import fc from 'fast-check';
import { sampleDelivery, sampleText } from '../testing/sample-delivery';
import { htmlText, readQa2Report, readQa2Text } from './qa2-reports';

describe('readQa2Text', () => {
  it('reads the block and the check of the text file in the sample', () => {
    const text = sampleText(sampleDelivery('analyst'), 'qa/uid___A002_X1_Xb1__textfile.txt');
    expect(readQa2Text(text)).toEqual({
      executionBlock: 'uid___A002_X1_Xb1',
      casaVersion: '6.7.5-18',
      check: {
        about: null,
        beam: { majorArcsec: 0.82, minorArcsec: 0.64, positionAngleDeg: 0.2 },
        noise: { janskyPerBeam: 0.439e-3, width: null },
      },
    });
  });

  it('reads the block from the MeasurementSet when there is no title', () => {
    const text = 'MeasurementSet Name:  /reduction/uid___A002_X7_X8.ms      MS Version 2\n';
    expect(readQa2Text(text)).toEqual({ executionBlock: 'uid___A002_X7_X8', casaVersion: null, check: null });
  });

  it('states nothing for an empty text', () => {
    expect(readQa2Text('')).toEqual({ executionBlock: null, casaVersion: null, check: null });
  });
});

const REPORT = `<html><head><style>p { color: red }</style><script>var a = "Image name: no";</script></head><body>
<p>QA2 Status: Pass</p><p>Execution count 2.00 of 2 expected</p>
<p>Other SBs in this Group OUS (Member OUS Status ID in brackets): N_a_06_7M (uid://A001/X1/Xa4), N_a_06_TP (uid://A001/X1/Xa5)</p>
<table><tr><td>Image name: member.uid___A001_X1_Xa3.N_sci.spw25.cube.I.pbcor.fits</td></tr>
<tr><td>Robust = 0.5<br/>Beam size = 1.23&quot;x0.98&quot;,-75.0deg<br>RMS = 0.210 mJy/beam over 1.875 GHz</td></tr></table>
<div>Image name: second.fits</div><div>RMS = 12 &micro;Jy/beam</div></body></html>`;

describe('readQa2Report', () => {
  it('reads status, executions, images and other members', () => {
    expect(readQa2Report(REPORT)).toEqual({
      status: 'Pass',
      executions: { done: 2, expected: 2 },
      images: [
        {
          name: 'member.uid___A001_X1_Xa3.N_sci.spw25.cube.I.pbcor.fits',
          robust: 0.5,
          about: null,
          beam: { majorArcsec: 1.23, minorArcsec: 0.98, positionAngleDeg: -75 },
          noise: { janskyPerBeam: 0.21e-3, width: { value: 1.875e9, unit: 'Hz' } },
        },
        {
          name: 'second.fits',
          robust: null,
          about: null,
          beam: null,
          noise: { janskyPerBeam: expect.closeTo(12e-6, 9) as number, width: null },
        },
      ],
      otherMembers: ['uid://A001/X1/Xa4', 'uid://A001/X1/Xa5'],
    });
  });

  it('reads more executions than were expected', () => {
    expect(readQa2Report('Execution count 3.25 of 2.5 expected').executions).toEqual({ done: 3.25, expected: 2.5 });
  });

  it('states nothing for other pages', () => {
    const nothing = { status: null, executions: null, images: [], otherMembers: [] };
    expect(readQa2Report('')).toEqual(nothing);
    expect(readQa2Report('<p>404</p>')).toEqual(nothing);
  });

  it('reads any page', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '<script',
      '</script',
      '&#x110000;',
      '&#65;',
      'Image name:',
      'RMS = ',
      '1 mJy',
      '\n',
      '"',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 100 }), (all) => {
        expect(readQa2Report(all.join('')).images.length).toBeLessThanOrEqual(500);
      }),
    );
  });
});

describe('htmlText', () => {
  it('drops tags, scripts and styles, and decodes entities', () => {
    expect(htmlText('a<script>x</script>b<br>c&amp;d&#37;&#x25;&unknown;<i>e</i>')).toBe('ab\nc&d%%&unknown;e');
  });

  it('keeps elements that are never closed', () => {
    expect(htmlText('a<script>b')).toBe('ab');
    expect(htmlText('a<b')).toBe('a<b');
  });
});
