import type { ImageRecord } from '@almagest/contracts';
import { SaxesParser } from 'saxes';
import { sodaDescriptor } from './soda-descriptor';

const IMAGE: ImageRecord = {
  object: 'NGC1234',
  observed: null,
  unit: 'Jy/beam',
  spectralWindows: [],
  shape: [256, 256, 480, 2],
  frame: 'ICRS',
  centre: [10, -30],
  region: {
    shape: 'polygon',
    vertices: [
      [10.1, -30.1],
      [10.1, -29.9],
      [9.9, -29.9],
      [9.9, -30.1],
    ],
  },
  pixelArcsec: [0.1, 0.1],
  skyPixels: [256, 256],
  spectral: { minimumHz: 229e9, maximumHz: 231e9, frame: 'LSRK', channels: 480, channelWidthHz: 1, restHz: null },
  stokes: ['XX', 'YY'],
  beam: null,
  noise: [],
  mosaic: null,
};

/** Returns the names of the parameters with their values, maxima and options. */
function parameters(xml: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  let name = '';
  const parser = new SaxesParser();
  parser.on('opentag', ({ name: tag, attributes }) => {
    const { name: named = '', value = '' } = attributes as Record<string, string>;
    if (tag === 'PARAM') name = named;
    if (['PARAM', 'MIN', 'MAX', 'OPTION'].includes(tag) && value !== '') (found[name] ??= []).push(value);
    else if (tag === 'PARAM') found[name] = [];
  });
  parser.write(xml).close();
  return found;
}

describe('the service descriptor of a cutout', () => {
  it('has the parameters that an image has, with its ranges', () => {
    const xml = sodaDescriptor('https://archive.example', { id: 'a"b.fits', serviceId: 'soda1', image: IMAGE });
    expect(xml).toContain('<RESOURCE type="meta" utype="adhoc:service" ID="soda1"');
    expect(parameters(xml)).toEqual({
      standardID: ['ivo://ivoa.net/std/SODA#sync-1.0'],
      accessURL: ['https://archive.example/soda/sync'],
      ID: ['a"b.fits'],
      POS: [],
      CIRCLE: [expect.stringMatching(/^10 -30 0\.132\d*$/)],
      POLYGON: ['10.1 -30.1 10.1 -29.9 9.9 -29.9 9.9 -30.1'],
      BAND: ['0.0012978028484848484', '0.0013091373711790393'],
      POL: ['XX', 'YY'],
    });
    const region: ImageRecord['region'] = { shape: 'circle', centre: [10, -30], radius: 0.5 };
    const round = sodaDescriptor('', { id: 'a', serviceId: 's', image: { ...IMAGE, region } });
    expect(parameters(round)).toMatchObject({ CIRCLE: ['10 -30 0.5'], POLYGON: [] });
  });

  it('leaves out what an image does not have', () => {
    const image = { ...IMAGE, region: null, spectral: null, stokes: [] };
    const xml = sodaDescriptor('', { id: 'a', serviceId: 's', image });
    expect(Object.keys(parameters(xml))).toEqual(['standardID', 'accessURL', 'ID']);
  });
});
