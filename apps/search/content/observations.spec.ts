import type { ImageRecord } from '@almagest/contracts';
import { galactic } from './sky';
import { type Delivered, type Image, modifiedJulianDay, observationRows, scienceImage } from './observations';

const DELIVERY: Delivered = {
  project: '2013.1.09999.S',
  ous: 'uid://A001/X1/Xa3',
  level: 'member',
  group: 'uid://A001/X1/Xa2',
  outcome: 'PASS',
  releaseDate: '2015-12-05',
  bytes: 1_234_567,
};

function image(change: Partial<ImageRecord> = {}): ImageRecord {
  return {
    object: 'NGC1234',
    observed: '2014-11-30T06:00:00.0',
    unit: 'Jy/beam',
    spectralWindows: [17],
    shape: [256, 256, 480, 1],
    frame: 'ICRS',
    centre: [180, -30],
    region: { shape: 'circle', centre: [180, -30], radius: 0.01 },
    pixelArcsec: [0.1, 0.1],
    skyPixels: [256, 256],
    spectral: {
      minimumHz: 229e9,
      maximumHz: 231e9,
      frame: 'LSRK',
      channels: 480,
      channelWidthHz: 488_281,
      restHz: null,
    },
    stokes: ['I'],
    beam: { majorArcsec: 2, minorArcsec: 0.5, positionAngleDeg: 10 },
    noise: [{ stokes: 'I', sigma: 0.002 }],
    mosaic: false,
    ...change,
  };
}

const FILE = { path: 'product/a.fits', sha256: 'ab'.repeat(32), role: 'image.pbcor' };
const shown = (facts: ImageRecord, role = 'image.pbcor'): Image => ({ ...FILE, role, facts });

describe('observationRows', () => {
  it('describe the image of a source in a spectral window', () => {
    const [row] = observationRows(DELIVERY, [shown(image())]);
    expect(row).toMatchObject({
      obs_id: 'uid://A001/X1/Xa3.source.NGC1234.spw.17',
      proposal_id: '2013.1.09999.S',
      member_ous_uid: 'uid://A001/X1/Xa3',
      group_ous_uid: 'uid://A001/X1/Xa2',
      calib_level: 2,
      dataproduct_type: 'cube',
      target_name: 'NGC1234',
      s_ra: 180,
      s_dec: -30,
      footprint: 'Circle ICRS 180 -30 0.01',
      s_resolution: 1,
      frequency: 230,
      band_list: '6',
      em_xel: 480,
      pol_states: '/I/',
      is_mosaic: 'F',
      qa2_passed: 'T',
      access_estsize: 1235,
      release_date: '2015-12-05',
      image_path: FILE.path,
      image_sha256: FILE.sha256,
    });
    expect(row?.['s_fov']).toBeCloseTo(0.02, 9);
    expect(row?.['observed']).toBeCloseTo(56991.25, 9);
    expect(row?.['velocity_resolution']).toBeCloseTo(636.4, 0);
    expect(row?.['sensitivity_10kms']).toBeCloseTo(0.5045, 3);
    expect(row?.['frequency_support']).toBe(
      '[229.0000..231.0000GHz,488.28kHz,0.505mJy/beam@10km/s,31.2uJy/beam@native, I]',
    );
  });

  it('are one for each source and window, of the image after primary beam correction', () => {
    const rows = observationRows(DELIVERY, [
      shown(image({ unit: 'Jy/pixel' }), 'image.dirty'),
      shown(image()),
      shown(image({ spectralWindows: [19] })),
      shown(image({ spectralWindows: [17, 19] })),
      shown(image({ object: 'NGC 5', spectralWindows: [17, 19], spectral: null })),
      shown(image({ object: 'NGC 6', spectralWindows: [] })),
    ]);
    expect(rows.map(({ obs_id }) => String(obs_id).slice(DELIVERY.ous.length))).toEqual([
      '.source.NGC1234.spw.17',
      '.source.NGC1234.spw.19',
      '.source.NGC 5.spw.17_19',
      '.source.NGC 6.frequency.230000',
    ]);
    expect(rows[0]?.['sensitivity_10kms']).not.toBeNull();
    expect(String(rows[0]?.['frequency_support']).split(' U ')).toHaveLength(2);
  });

  it('are one without a position for a delivery without facts of images', () => {
    expect(observationRows({ ...DELIVERY, level: 'group' }, [])).toMatchObject([
      { obs_id: 'uid://A001/X1/Xa3', calib_level: 3, member_ous_uid: null },
    ]);
  });

  it('have galactic coordinates', () => {
    const centre = galactic([266.40499, -28.93617]);
    expect(Math.cos((centre.longitude * Math.PI) / 180)).toBeCloseTo(1, 8);
    expect(centre.latitude).toBeCloseTo(0, 3);
    expect(galactic([192.85948, 27.12825]).latitude).toBeCloseTo(90, 3);
    expect(galactic([83.633, 22.0145]).longitude).toBeCloseTo(184.557, 2);
    expect(galactic([83.633, 22.0145]).latitude).toBeCloseTo(-5.784, 2);
  });

  it('show neither calibrators nor masks', () => {
    expect(scienceImage({ ...FILE, role: 'calibrator.phase', image: image() })).toBeNull();
    expect(scienceImage({ ...FILE, role: 'image.mask', image: image() })).toBeNull();
    expect(scienceImage({ ...FILE, image: null })).toBeNull();
    expect(scienceImage({ ...FILE, role: 'image.singledish', image: image() })).toEqual(
      shown(image(), 'image.singledish'),
    );
  });

  it('have the time of an observation, which is UTC, in the zone of the header or none', () => {
    expect(modifiedJulianDay('2000-01-01T12:00:00')).toBe(51544.5);
    expect(modifiedJulianDay('2000-01-01T12:00:00Z')).toBe(51544.5);
    expect(modifiedJulianDay('2000-01-01')).toBe(51544);
    expect(modifiedJulianDay('soon')).toBeNull();
  });
});
