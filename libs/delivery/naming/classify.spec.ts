import fc from 'fast-check';
import type { ImageName } from './classification';
import { classify } from './classify';
import { ITEMS, ROLES } from './role';

const TREE = '2013.1.00001.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';
const MOUS = 'uid___A001_X1_Xa3';
const EB = 'uid___A002_X1_Xb1';
const of = (name: string): ReturnType<typeof classify> => classify(`${TREE}/${name}`);

describe('classify', () => {
  it.each([
    ['README', 1, 'readme'],
    [`member.${MOUS}.README.txt`, 1, 'readme'],
    ['CHANGES', null, 'unknown'],
    [`calibration/${EB}.calibration.tgz`, 3, 'caltables+flagversions.analyst'],
    [`calibration/${EB}.calibration/${EB}.ms.bandpass/table.dat`, 3, 'caltables+flagversions.analyst'],
    [`calibration/${EB}.calibration.plots/a.png`, 3, 'plot'],
    [`calibration/${EB}.calibration.plots.tgz`, 3, 'plots.archive'],
    ['calibration/flux.csv', 3, 'flux.csv'],
    ['calibration/antennapos.csv', 3, 'antennapos.csv'],
    [`calibration/${MOUS}.cont.dat`, 3, 'cont.dat'],
    [`calibration/${MOUS}.session_1.caltables.tgz`, 3, 'caltables'],
    [`calibration/member.${MOUS}.session_12.caltables.tar.gz`, 3, 'caltables'],
    [`calibration/member.${MOUS}.session_1.auxcaltables.tgz`, 3, 'auxcaltables'],
    [`calibration/member.${MOUS}.hifa_calimage.auxproducts.tgz`, 3, 'auxproducts'],
    [`calibration/member.${MOUS}.hsd_calimage.auxproducts.tgz`, 3, 'auxproducts'],
    [`calibration/${EB}.ms.calapply.txt`, 3, 'calapply'],
    [`calibration/${EB}_target.ms.auxcalapply.txt`, 3, 'auxcalapply'],
    [`calibration/${EB}.ms.flagversions.tgz`, 3, 'flagversions'],
    [`calibration/${EB}_flagtemplate.txt`, 3, 'flagtemplate'],
    [`calibration/${EB}.flagtemplate.txt`, 3, 'flagtemplate'],
    [`calibration/${EB}_flagtargetstemplate.txt`, 3, 'flagtargetstemplate'],
    ['calibration/jyperk.csv', 3, 'jyperk.csv'],
    [`calibration/member.${MOUS}.hsd_calimage.jyperk_query.csv`, 3, 'jyperk.csv'],
    ['calibration/Titan.eph', 3, 'ephemeris'],
    ['calibration/EPHEM_Mars_57386.9.tab/table.dat', 3, 'ephemeris'],
    ['calibration/TRACK_C.calibration.tgz', 3, 'caltables+flagversions.analyst'],
    ['calibration/TRACK_C.calibration.plots.tgz', 3, 'plots.archive'],
    ['calibration/TRACK.tgz', 3, 'unknown'],
    ['calibration/notes.txt', 3, 'unknown'],
    ['calibration/extra/notes.txt', 3, 'unknown'],
    [`qa/${EB}__qa2_part1.png`, 4, 'qa2.page'],
    [`qa/member.${MOUS}.${EB}__qa2_part2.png`, 4, 'qa2.page'],
    [`qa/${EB}__textfile.txt`, 4, 'qa2.text'],
    [`qa/${EB}.qa0_report.pdf`, 4, 'qa0.report'],
    [`qa/member.${MOUS}.qa2_report.html`, 4, 'qa2.report'],
    [`qa/${MOUS}.weblog.tar.gz`, 4, 'weblog'],
    [`qa/member.${MOUS}.hifa_calimage.weblog.tgz`, 4, 'weblog'],
    ['qa/pipeline-1/html/index.html', 4, 'unknown'],
    ['script/scriptForPI.py', 5, 'scriptForPI'],
    [`script/member.${MOUS}.scriptForPI.py`, 5, 'scriptForPI'],
    ['script/scriptForImaging.py', 5, 'scriptForImaging'],
    ['script/scriptForImagingPrep.py', 5, 'scriptForImagingPrep'],
    ['script/scriptForFluxCalibration.py', 5, 'scriptForFluxCalibration'],
    ['script/scriptForPolCalibration.py', 5, 'scriptForPolarization'],
    [`script/${EB}.ms.scriptForCalibration.py`, 5, 'scriptForCalibration'],
    ['script/casa_pipescript.py', 5, 'pipescript'],
    [`script/member.${MOUS}.hifa_calimage.casa_pipescript.py`, 5, 'pipescript'],
    [`script/member.${MOUS}.hifa_cal.casa_piperestorescript.py`, 5, 'piperestorescript'],
    ['script/PPR_uid___A001_X1_Xc4.xml', 5, 'ppr'],
    [`script/member.${MOUS}.hifa_calimage.pprequest.xml`, 5, 'ppr'],
    [`script/member.${MOUS}.hifa_calimage.pipeline_manifest.xml`, 5, 'pipeline_manifest'],
    [`script/member.${MOUS}.product_rename.txt`, 5, 'product_rename'],
    ['script/cal.product_rename.txt', 5, 'product_rename'],
    ['script/image.product_rename.txt', 5, 'product_rename'],
    [`script/member.${MOUS}.calimage.product_rename.txt`, 5, 'product_rename'],
    [`script/member.${MOUS}.hifa_image.product_rename.txt`, 5, 'product_rename'],
    ['script/TRACK_C_scriptForImaging.py', 5, 'scriptForImaging'],
    [`script/${EB}.ms.scriptForSDCalibration.py`, 5, 'scriptForCalibration'],
    [`script/member.${MOUS}.${EB}.ms.scriptForSDCalibration.py`, 5, 'scriptForCalibration'],
    ['script/notes.docx', 5, 'unknown'],
    ['script/old/scriptForPI.py', 5, 'unknown'],
    ['log/imaging.log', 6, 'casa_log'],
    [`log/${EB} .calibration.log`, 6, 'casa_log'],
    [`log/${MOUS}.casa_commands.log`, 6, 'casa_commands'],
    ['log/notes.txt', 6, 'unknown'],
    ['log/old/a.log', 6, 'unknown'],
    [`raw/${EB}.asdm.sdm/ASDM.xml`, 7, 'asdm'],
    [`raw/${EB}.asdm.sdm/ASDMBinary/uid___A002_X1_X2`, 7, 'asdm'],
    ['raw/notes.txt', 7, 'unknown'],
    ['figures/map.png', null, 'unknown'],
  ] as const)('knows %s', (name, item, role) => {
    expect(of(name)).toMatchObject({ item, role });
  });

  it('reads execution block, session and page from names', () => {
    expect(of(`qa/${EB}__qa2_part3.png`)).toMatchObject({ executionBlock: 'uid://A002/X1/Xb1', page: 3 });
    expect(of(`calibration/${MOUS}.session_7.caltables.tgz`)).toMatchObject({ executionBlock: null, session: 7 });
  });

  const image = (role: string, name: Partial<ImageName>): unknown => ({ role, item: 2, image: name });
  it.each([
    ['NGC1234.CO_21.dirty.fits', image('image.dirty', { family: 'document', mode: null, source: null })],
    ['NGC1234.cont.dirty.fits', image('image.dirty', { mode: 'continuum', source: 'NGC1234' })],
    ['NGC1234_continuum.pbcor.fits', image('image.pbcor', { mode: 'continuum', source: null })],
    ['NGC1234.CO_21.pbcor.fits', image('image.pbcor', { intent: 'science', spws: [] })],
    ['NGC1234.CO_21.flux.fits', image('image.pb', {})],
    ['NGC1234.CO_21.flux.fits.gz', image('image.pb', {})],
    ['NGC1234.CO_21.image.fits', image('image', {})],
    ['NGC1234.CO_21.mom0.fits', image('image.moment0', { mode: 'moment' })],
    ['NGC1234.CO_21.pv.fits', image('image.pv', {})],
    ['NGC1234.CO_21.pbcor.pv.fits', image('image.pv', {})],
    ['NGC1234_CO_21_PV.fits', image('image.pv', {})],
    ['NGC1234.CO_21-pvcut.pbcor.fits', image('image.pv', {})],
    [`${MOUS}.NGC_628_sci.spw17.cube.I.PV.fits`, image('image.pv', {})],
    [`${MOUS}.NGC_628_sci.spw17.cube.I.pvcut.pbcor.fits`, image('image.pv', {})],
    ['NGC1234.CO_21.M8.pbcor.fits', image('image.moment', { mode: 'moment' })],
    [
      `${MOUS}.J0538_4405_bp.spw17.fits`,
      image('calibrator.bandpass', {
        family: 'document',
        source: 'J0538_4405',
        intent: 'bandpass',
        spws: [17],
        mode: 'continuum',
      }),
    ],
    [`${MOUS}.J0550_5732_ph.spw17.fits`, image('calibrator.phase', { intent: 'phase' })],
    [`${MOUS}.J0550-5732_chk.spw17.mfs.I.pbcor.fits`, image('calibrator.check', { family: 'pipeline' })],
    [`${MOUS}.J0550-5732_ph.spw17.mfs.I.pb.fits.gz`, image('calibrator.pb', { intent: 'phase' })],
    [`${MOUS}.J0550-5732_ph.spw17.mfs.I.mask.fits.gz`, image('calibrator.mask', {})],
    [
      `${MOUS}.NGC_628_sci.spw17.cube.I.pbcor.fits`,
      image('image.pbcor', { family: 'pipeline', source: 'NGC_628', intent: 'science', mode: 'cube', stokes: 'I' }),
    ],
    [`${MOUS}.NGC_628_sci.spw17.mfs.I.pb.fits`, image('image.pb', { mode: 'continuum' })],
    [
      `${MOUS}.NGC_628_sci.spw17_19_21_23.cont.I.tt0.pbcor.fits`,
      image('image.pbcor', { spws: [17, 19, 21, 23], mode: 'continuum', taylorTerm: 0 }),
    ],
    [`${MOUS}.N_sci.spw17_19.cont.I.alpha.fits`, image('image.alpha', {})],
    [`${MOUS}.N_sci.spw17_19.cont.I.alpha.error.fits`, image('image.alpha.error', {})],
    [
      `member.${MOUS}.M-33.p+1.x_sci.spw25.repBW.I.pbcor.v2.fits`,
      image('image.pbcor', {
        family: 'pipeline-member',
        source: 'M-33.p+1.x',
        mode: 'representative-bandwidth',
        version: 2,
      }),
    ],
    [`member.${MOUS}.N_sci.spw25.cube.I.mask.fits.gz`, image('image.mask', { family: 'pipeline-member' })],
    [`member.${MOUS}.N_sci.spw25.cube.IQUV.selfcal.pbcor.fits`, image('image.pbcor', { stokes: 'IQUV' })],
    [`member.${MOUS}.N_sci.spw25.mfs.I.manual.image.pbcor.fits`, image('image.pbcor', { family: 'manual' })],
    [`member.${MOUS}.N_sci.spw25.mfs.I.manual.pb.fits.gz`, image('image.pb', { family: 'manual' })],
    [`member.${MOUS}.N_sci.spw25.mfs.I.manual.mask.tgz`, image('mask.archive', { family: 'manual' })],
    [
      `member.${MOUS}.Orion_KL.spw17.I.sd.im.fits`,
      image('image.singledish', { family: 'total-power', source: 'Orion_KL', spws: [17], mode: 'cube' }),
    ],
    [`member.${MOUS}.N_sci.spw17.cube.I.sd.fits`, image('image.singledish', { family: 'total-power' })],
    [`member.${MOUS}.N_sci.spw17_19.cont.regcal.I.sd.fits`, image('image.singledish', { mode: 'continuum' })],
    [`member.${MOUS}.NGC1234.CO_21.pbcor.fits`, image('image.pbcor', { family: 'document' })],
  ])('reads the image name %s', (name, expected) => {
    expect(of(`product/${name}`)).toMatchObject(expected as object);
  });

  it.each([
    ['X.pbcor.fits', 'X.flux.fits'],
    ['X.pbcor.fits', 'X.pb.fits.gz'],
    [`${MOUS}.N_sci.spw1.cube.I.pbcor.fits`, `${MOUS}.N_sci.spw1.cube.I.pb.fits`],
    [`${MOUS}.N_sci.spw1_3.cont.I.tt0.pbcor.fits`, `${MOUS}.N_sci.spw1_3.cont.I.pb.tt0.fits`],
    [`${MOUS}.N_sci.spw1_3.cont.I.tt1.pbcor.fits`, `${MOUS}.N_sci.spw1_3.cont.I.pb.tt0.fits`],
    [`member.${MOUS}.N_sci.spw1.mfs.I.manual.image.pbcor.fits`, `member.${MOUS}.N_sci.spw1.mfs.I.manual.pb.fits.gz`],
    [`member.${MOUS}.G+1_sci.spw1.cube.I.pbcor.v2.fits`, `member.${MOUS}.Gp1_sci.spw1.cube.I.pb.fits.gz`],
  ])('pairs %s and %s as an image and its primary beam', (corrected, beam) => {
    expect(of(`product/${beam}`).role).toBe('image.pb');
    expect(of(`product/${beam}`).image?.familyKey).toBe(of(`product/${corrected}`).image?.familyKey);
  });

  it.each([
    [`${MOUS}.N_sci.spw1.cube.I.pbcor.fits`, `${MOUS}.N_sci.spw1.mfs.I.pb.fits`],
    [`${MOUS}.N_sci.spw1.cube.I.pbcor.fits`, `${MOUS}.N_sci.spw3.cube.I.pb.fits`],
    [`${MOUS}.N_sci.spw1.cube.I.pbcor.fits`, `${MOUS}.M_sci.spw1.cube.I.pb.fits`],
    ['X.CO.pbcor.fits', 'X.cont.flux.fits'],
  ])('does not pair %s and %s', (corrected, beam) => {
    expect(of(`product/${beam}`).image?.familyKey).not.toBe(of(`product/${corrected}`).image?.familyKey);
  });

  it('recognises CASA images, and classifies other files of product/ as unknown', () => {
    expect(of('product/N.mask/logtable/table.dat')).toMatchObject({ item: 2, role: 'mask.casa' });
    expect(of('product/N.image/table.dat').role).toBe('image.casa');
    for (const name of ['N.png', 'N.fits.png', 'N.tgz', 'sub/N.fits'])
      expect(of(`product/${name}`).role).toBe('unknown');
  });

  it.each([
    ['./' + TREE + '/README', 'readme'],
    ['2013.1.00001.S/sg_ouss_id/group_ouss_id/member_ouss_id/README', 'readme'],
    ['2011.0.00001.S/sg_ouss_id/group_ouss_id/member_ouss_2012-09-12_id/README', 'readme'],
    ['2013.1.00001.S/SOUS_uid___A001_X1_Xa1/GOUS_uid___A001_X1_Xa2/MOUS_uid___A001_X1_Xa3/README', 'readme'],
    ['2013.1.00001.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/README', 'readme'],
    ['2013.1.00001.S/science_goal.uid___A001_X1_Xa1/README', 'unknown'],
    ['2013.1.00001.S/README', 'unknown'],
    ['README', 'unknown'],
    ['', 'unknown'],
  ])('finds the ObsUnitSet in %s', (path, role) => {
    expect(classify(path).role).toBe(role);
  });

  it('gives every path a known item and role', () => {
    const name = fc.oneof(
      fc.constantFrom(
        ...Object.values(ITEMS).flatMap(({ directory }) => directory ?? []),
        MOUS,
        EB,
        '.spw17',
        '.fits',
        '_sci',
        '.pbcor',
        '/',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (names) => {
        const { role, item } = of(names.join(''));
        expect(ROLES).toContain(role);
        expect(item === null || item in ITEMS).toBe(true);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});
