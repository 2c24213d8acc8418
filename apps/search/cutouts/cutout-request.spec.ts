import { LIGHT } from '@almagest/fits';
import type { Request } from 'express';
import { DaliParameters } from '../tap/dali-parameters';
import { type CutoutRequest, cutoutRequest } from './cutout-request';

const read = async (query: string): Promise<CutoutRequest> =>
  cutoutRequest(await DaliParameters.of({ method: 'GET', originalUrl: `/soda/sync?${query}`, headers: {} } as Request));
const sky = async (query: string): Promise<unknown> => (await read(`ID=a.fits&${query}`)).filter.sky;
const band = async (text: string): Promise<unknown> => (await read(`ID=a.fits&BAND=${text}`)).filter.band;

describe('a request for a cutout', () => {
  it('has the name of an image, and takes everything without a filter', async () => {
    expect(await read('id=a.fits&UNKNOWN=1')).toEqual({
      id: 'a.fits',
      filter: { sky: null, band: null, stokes: null },
    });
  });

  it('has a shape', async () => {
    const circle = { shape: 'circle', centre: { lon: 12, lat: -34.5 }, radius: 0.5 };
    expect(await sky('CIRCLE=12+-34.5+5e-1')).toEqual(circle);
    expect(await sky('POS=circle+12+-34.5+.5')).toEqual(circle);
    const vertices = [
      { lon: 12, lat: 34 },
      { lon: 14, lat: 34 },
      { lon: 14, lat: 36 },
    ];
    expect(await sky('POLYGON=12+34+14+34++14+36')).toEqual({ shape: 'polygon', vertices });
    expect(await sky('POS=POLYGON+12+34+14+34+14+36')).toEqual({ shape: 'polygon', vertices });
    expect(await sky('POS=RANGE+359+1+-Inf+%2BInf')).toEqual({ shape: 'range', lon: [359, 1], lat: [-90, 90] });
    expect(await sky('POS=RANGE+-Inf+%2BInf+-2+2')).toEqual({ shape: 'range', lon: [0, 360], lat: [-2, 2] });
  });

  it('has wavelengths in metres, and Stokes parameters', async () => {
    expect(await band('0.001+0.002')).toEqual({ minimumHz: LIGHT / 0.002, maximumHz: LIGHT / 0.001 });
    expect(await band('-Inf+0.002')).toEqual({ minimumHz: LIGHT / 0.002, maximumHz: Infinity });
    expect(await band('0.001+%2BInf')).toEqual({ minimumHz: 0, maximumHz: LIGHT / 0.001 });
    expect(await band('0.001')).toEqual({ minimumHz: LIGHT / 0.001, maximumHz: LIGHT / 0.001 });
    expect((await read('ID=a.fits&POL=i&POL=XX')).filter.stokes).toEqual(['I', 'XX']);
  });

  it.each([
    ['CIRCLE=1+2', 'CIRCLE is'],
    ['CIRCLE=1+2+3+4', 'CIRCLE is'],
    ['CIRCLE=400+2+3', 'CIRCLE is'],
    ['CIRCLE=1+2+-3', 'CIRCLE is'],
    ['CIRCLE=1+2+NaN', 'CIRCLE is'],
    ['CIRCLE=0x1+2+3', 'CIRCLE is'],
    ['POLYGON=1+2+3+4', '3 to 1000 pairs'],
    ['POLYGON=1+2+3+4+5+6+7', '3 to 1000 pairs'],
    [`POLYGON=${'1+2+'.repeat(1001).slice(0, -1)}`, '3 to 1000 pairs'],
    ['POS=BOX+1+2+3+4', 'expected CIRCLE, RANGE or POLYGON'],
    ['POS=RANGE+1+2+4+3', 'two longitudes'],
    ['BAND=2+1', 'two wavelengths'],
    ['BAND=-2+-1', 'two wavelengths'],
    ['BAND=1+2+3', 'two wavelengths'],
    ['POL=K', 'POL is'],
    ['TIME=55000+56000', 'no time axis'],
    ['RESPONSEFORMAT=image/png', 'expected application/fits'],
  ])('is refused with the parameter at fault: %s', async (query, message) => {
    const error = { code: 'search.bad-parameter', message: expect.stringContaining(message) as unknown };
    await expect(read(`ID=a.fits&${query}`)).rejects.toMatchObject(error);
  });

  it.each(['CIRCLE=1+2+3&CIRCLE=1+2+4', 'ID=b.fits', 'BAND=1+2&band=1+3', 'CIRCLE=1+2+3&POS=CIRCLE+1+2+3'])(
    'has one cutout: %s',
    async (query) => {
      await expect(read(`ID=a.fits&${query}`)).rejects.toMatchObject({ code: 'search.parameter-multivalued' });
    },
  );

  it('needs an ID', async () => {
    await expect(read('CIRCLE=1+2+3')).rejects.toThrow('ID is missing');
  });
});
