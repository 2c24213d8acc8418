import { sampleDelivery, sampleText } from '../testing/sample-delivery';
import { readQa2Text } from './qa2-text';

describe('readQa2Text', () => {
  it('reads the block and the check of the sample’s text file', () => {
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

  it('takes the block from the MeasurementSet when there is no title', () => {
    const text = 'MeasurementSet Name:  /reduction/uid___A002_X7_X8.ms      MS Version 2\n';
    expect(readQa2Text(text)).toEqual({ executionBlock: 'uid___A002_X7_X8', casaVersion: null, check: null });
  });

  it('states nothing of an empty text', () => {
    expect(readQa2Text('')).toEqual({ executionBlock: null, casaVersion: null, check: null });
  });
});
