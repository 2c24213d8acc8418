import { parseUid } from '@almagest/ous';
import { DeliveryInspection } from './inspection';
import type { PostedDelivery } from './inventory/delivery-entry';
import type { DeliveryReport } from './report/report';

const MOUS = 'uid___A001_X1465_X162';
const EB = 'uid___A002_Xc1_X2f';
const posted: PostedDelivery = {
  project: '2018.1.00001.S',
  level: 'member',
  scienceGoal: parseUid('uid://A001/X1465/X160'),
  group: parseUid('uid://A001/X1465/X161'),
  ous: parseUid('uid://A001/X1465/X162'),
  executionBlocks: [{ uid: parseUid('uid://A002/Xc1/X2f'), use: 'used' }],
};
const TREE = '2018.1.00001.S/science_goal.uid___A001_X1465_X160/group.uid___A001_X1465_X161';

/** Checks a listing: part names, and the paths of their files below the directory of the member. */
async function check(
  parts: Record<string, readonly string[]>,
  message: PostedDelivery | null = posted,
  tree = `${TREE}/member.${MOUS}`,
): Promise<DeliveryReport> {
  const inspection = new DeliveryInspection({ posted: message });
  for (const [name, files] of Object.entries(parts)) {
    const part = inspection.openPart(name);
    for (const file of files) part.entry({ path: `${tree}/${file}`, type: 'file', size: 10 });
    part.close();
  }
  return inspection.finish();
}

const product = '2018.1.00001.S_uid___A001_X1465_X162_001_of_001.tar';
const auxiliary = '2018.1.00001.S_uid___A001_X1465_X162_auxiliary.tar';
const codes = ({ findings }: DeliveryReport): string[] => findings.map(({ code, severity }) => `${severity} ${code}`);

const pipelineAuxiliary = [
  `calibration/member.${MOUS}.hifa_calimage.auxproducts.tgz`,
  `calibration/member.${MOUS}.session_1.caltables.tgz`,
  `calibration/${EB}.ms.calapply.txt`,
  `calibration/${EB}.ms.flagversions.tgz`,
  `log/member.${MOUS}.hifa_calimage.casa_commands.log`,
  `qa/member.${MOUS}.hifa_calimage.weblog.tgz`,
  `qa/member.${MOUS}.qa2_report.pdf`,
  `qa/${EB}.qa0_report.pdf`,
  `script/member.${MOUS}.hifa_calimage.casa_pipescript.py`,
  `script/member.${MOUS}.hifa_calimage.casa_piperestorescript.py`,
  `script/member.${MOUS}.hifa_calimage.pprequest.xml`,
  `script/member.${MOUS}.hifa_calimage.pipeline_manifest.xml`,
  `script/member.${MOUS}.scriptForPI.py`,
];

const calibrators = (prefix: string): string[] =>
  ['bp', 'ph'].flatMap((intent) =>
    [25, 27].flatMap((spw) => [
      `product/${prefix}J0522-3627_${intent}.spw${spw}.mfs.I.pbcor.fits`,
      `product/${prefix}J0522-3627_${intent}.spw${spw}.mfs.I.pb.fits.gz`,
    ]),
  );

const science = (prefix: string): string[] => [
  ...[25, 27].flatMap((spw) => [
    `product/${prefix}Serp_02_sci.spw${spw}.cube.I.pbcor.fits`,
    `product/${prefix}Serp_02_sci.spw${spw}.cube.I.pb.fits.gz`,
    `product/${prefix}Serp_02_sci.spw${spw}.cube.I.mask.fits`,
  ]),
  `product/${prefix}Serp_02_sci.spw25_27.cont.I.tt0.pbcor.fits`,
  `product/${prefix}Serp_02_sci.spw25_27.cont.I.tt1.pbcor.fits`,
  `product/${prefix}Serp_02_sci.spw25_27.cont.I.pb.tt0.fits`,
  `product/${prefix}Serp_02_sci.spw25_27.cont.I.alpha.fits`,
];

describe('deliveries of other cycles', () => {
  it('Cycle 6 and later: accepts product and auxiliary parts; the missing README is a note', async () => {
    const prefix = `member.${MOUS}.`;
    const report = await check({
      [product]: [...calibrators(prefix), ...science(prefix)],
      [auxiliary]: pipelineAuxiliary,
    });
    expect(report).toMatchObject({
      verdict: 'pass',
      mode: 'pipeline',
      profile: { name: 'cycle-6+', chosen: 'by files' },
    });
    expect(report.profile.reasons[0]).toContain('member.<uid>');
    expect(codes(report)).toEqual(['note item.readme', 'note script.imaging']);
  });

  it('Cycle 6 and later: accepts the README in its own tar', async () => {
    const prefix = `member.${MOUS}.`;
    const inspection = new DeliveryInspection({ posted });
    for (const [name, files] of [
      [product, [...calibrators(prefix), ...science(prefix)]],
      [auxiliary, pipelineAuxiliary],
    ] as const) {
      const part = inspection.openPart(name);
      for (const file of files) part.entry({ path: `${TREE}/member.${MOUS}/${file}`, type: 'file', size: 10 });
      part.close();
    }
    const readme = inspection.openPart(`member.${MOUS}.README.txt.tar`);
    expect(readme.entry({ path: `member.${MOUS}.README.txt`, type: 'file', size: 10 }).file?.role).toBe('readme');
    readme.close();
    expect(codes(await inspection.finish())).toEqual(['note script.imaging']);
  });

  it('Cycles 3-5: accepts images named with the uid, all in one part', async () => {
    const prefix = `${MOUS}.`;
    const files = [
      'README',
      ...calibrators(prefix),
      ...science(prefix),
      'calibration/flux.csv',
      `calibration/${EB}.flagtemplate.txt`,
      `calibration/${MOUS}.session_1.caltables.tgz`,
      `calibration/${EB}.ms.calapply.txt`,
      `calibration/${EB}.ms.flagversions.tgz`,
      `log/${MOUS}.casa_commands.log`,
      `qa/${MOUS}.weblog.tgz`,
      'script/casa_pipescript.py',
      'script/casa_piperestorescript.py',
      'script/PPR_uid___A001_X1465_X163.xml',
      'script/scriptForPI.py',
      'script/scriptForImaging.py',
    ];
    const report = await check({ [product]: files });
    expect(report).toMatchObject({ verdict: 'pass', profile: { name: 'cycle-3-5' }, findings: [] });
  });

  it('total power: requires no primary beam, calibrator images or continuum', async () => {
    const images = [25, 27].map((spw) => `product/member.${MOUS}.Orion_KL.spw${spw}.I.sd.im.fits`);
    const report = await check({ [product]: ['README', ...images], [auxiliary]: pipelineAuxiliary });
    expect(report).toMatchObject({ verdict: 'pass', profile: { name: 'cycle-6+' } });
    expect(codes(report)).toEqual(['note script.imaging']);
  });

  it('manual imaging: accepts image, primary beam and mask of one family', async () => {
    const stem = `product/member.${MOUS}.N_sci.spw25_27.cont.I.manual`;
    const files = [
      'README',
      `${stem}.image.pbcor.fits`,
      `${stem}.pb.fits.gz`,
      `${stem}.mask.tgz`,
      `calibration/${EB}.calibration.tgz`,
      `calibration/${EB}.calibration.plots.tgz`,
      `log/${EB}.calibration.log`,
      `qa/member.${MOUS}.qa2_report.html`,
      'script/scriptForPI.py',
      'script/scriptForImaging.py',
      `script/${EB}.ms.scriptForCalibration.py`,
    ];
    const report = await check({ [product]: files });
    expect(report).toMatchObject({ verdict: 'pass', mode: 'analyst', profile: { name: 'cycle-3-5' } });
    expect(codes(report)).toEqual(['note product.line-cube', 'note product.line-cube']);
  });

  it('Cycle 0: accepts parts named by date and a tree of placeholders', async () => {
    const tree = '2018.1.00001.S/sg_ouss_id/group_ouss_id/member_ouss_2012-09-12_id';
    const files = [
      'README',
      'product/N.cont.pbcor.fits',
      'product/N.cont.flux.fits',
      'product/N.CO.dirty.fits',
      `calibration/${EB}.calibration.tgz`,
      `calibration/${EB}.calibration.plots/a.png`,
      'log/imaging.log',
      ...[1, 2, 3].map((page) => `qa/${EB}__qa2_part${page}.png`),
      `qa/${EB}__textfile.txt`,
      'script/scriptForPI.py',
      'script/scriptForImaging.py',
      `script/${EB}.ms.scriptForCalibration.py`,
    ];
    const [one, two] = ['2018.1.00001.S_2012-09-12_001_of_002.tar', '2018.1.00001.S_2012-09-12_002_of_002.tar'];
    const report = await check({ [one]: files.slice(0, 5), [two]: files.slice(5) }, posted, tree);
    expect(report).toMatchObject({ verdict: 'pass', findings: [] });
    expect(codes(await check({ [one]: files }, posted, tree))).toEqual(['reject package.part-missing']);
  });

  it('uses a requested profile instead of the one that the files show', async () => {
    const inspection = new DeliveryInspection({ posted, profile: 'cycle-2' });
    const part = inspection.openPart(product);
    for (const file of science(`member.${MOUS}.`))
      part.entry({ path: `${TREE}/member.${MOUS}/${file}`, type: 'file', size: 1 });
    part.close();
    expect((await inspection.finish()).profile).toEqual({ name: 'cycle-2', chosen: 'by request', reasons: [] });
  });
});
