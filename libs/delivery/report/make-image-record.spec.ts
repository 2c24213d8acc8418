import { FitsHeader, imageFacts, type ImageFacts } from '@almagest/fits';
import { imageRecordSchema } from '../facts/image-record';
import { makeImageRecord } from './make-image-record';

const BARE: ImageFacts = imageFacts({ header: new FitsHeader([]), axes: [4, 4], bitpix: -32 });

describe('the record of an image', () => {
  it('has null for everything that a bare header does not state', () => {
    const record = makeImageRecord(BARE, { spectralWindows: [], noise: [] });
    expect(imageRecordSchema.parse(record)).toEqual(record);
    const { shape, spectralWindows, stokes, noise, ...others } = record;
    expect({ shape, spectralWindows, stokes, noise }).toEqual({
      shape: [4, 4],
      spectralWindows: [],
      stokes: [],
      noise: [],
    });
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
  });

  it('leaves out values that no image can have, and keeps the others', () => {
    const image: ImageFacts = {
      ...BARE,
      object: 'NGC 1234\0',
      spectral: {
        type: 'FREQ',
        frame: 'LSRK',
        channels: 1,
        minimumHz: 1e9,
        maximumHz: 1e9,
        channelWidthHz: 0,
        restHz: null,
      },
    };
    const record = makeImageRecord(image, { spectralWindows: [17, 19], noise: [{ stokes: 'I', sigma: Infinity }] });
    expect(imageRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(record).toMatchObject({ spectral: null, spectralWindows: [17, 19], noise: [] });
    expect(record.object).not.toContain('\0');
  });

  it('rounds positions without leaving the range of right ascension', () => {
    const centre = { lon: 360 - 1e-12, lat: 1 / 3 };
    const image: ImageFacts = { ...BARE, coverage: { pixels: [4, 4], centre, region: null } };
    expect(makeImageRecord(image, { spectralWindows: [], noise: [] }).centre).toEqual([0, 0.333333333]);
  });
});
